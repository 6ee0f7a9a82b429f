package session

import (
	"context"

	"watchparty/node/party"
	"watchparty/node/wire"
)

// stage serves a node that asks for cameras.
func (s *Server) stage(ctx context.Context, st *wire.Stream, f wire.Stage) error {
	who, err := s.Who(f.Token)
	switch {
	case err != nil:
	case s.Stage == nil:
		err = &party.Refusal{Code: "WP-STAGE-NONE", Reason: "This host has no stage."}
	case !who.Here():
		err = &party.Refusal{Code: wire.ByeRemoved, Reason: "You are not at this party any more. Ask the host for a new invitation."}
	default:
		return s.Stage(ctx, who, st)
	}
	return s.refuse(ctx, st, "", err)
}
