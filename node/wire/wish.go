package wire

import (
	"errors"

	"watchparty/node/party"
)

// Wish is a member's wish. One that could not be understood still comes with its
// nonce, and the refusal to answer it with: the connection goes on.
type Wish struct {
	party.Wish
	Refusal *party.Refusal // nil where Command is good
}

func (Wish) frame() {}

// UnmarshalJSON reads a wish or why it could not be read.
func (w *Wish) UnmarshalJSON(b []byte) error {
	err := w.Wish.UnmarshalJSON(b)
	if errors.As(err, &w.Refusal) {
		if len(w.Nonce) > maxNonce {
			w.Nonce = ""
		}
		return nil
	}
	return err
}

// maxNonce is the longest nonce that is answered, in bytes; party refuses longer ones.
const maxNonce = 64

// OK answers a wish that was done, or that had been done before. Seq is the
// party's last record then.
type OK struct {
	Nonce party.Nonce `json:"nonce"`
	Seq   party.Seq   `json:"seq"`
}

func (OK) frame() {}

// Refused answers a wish, or the first frame of a stream, that is not granted.
type Refused struct {
	Nonce  party.Nonce `json:"nonce,omitempty"`
	Code   string      `json:"code"`
	Reason string      `json:"reason"`
}

func (Refused) frame() {}

// Refuse is the one place where an error becomes a frame: a [*party.Refusal] is
// told as it is; anything else is ours, and only that is told.
func Refuse(nonce party.Nonce, err error) Refused {
	if r, ok := errors.AsType[*party.Refusal](err); ok {
		return Refused{nonce, r.Code, r.Reason}
	}
	return Refused{nonce, "WP-BROKEN", "Something broke on the host's side. Try again; the host's log has the cause."}
}

// Refusal is the frame as the error it was.
func (r Refused) Refusal() *party.Refusal { return &party.Refusal{Code: r.Code, Reason: r.Reason} }
