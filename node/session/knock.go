package session

import (
	"watchparty/node/party"
	"watchparty/node/room"
	"watchparty/node/wire"
)

// answer is a moderator's word to who knocks at the door.
func (st *seat) answer(sig wire.Signal) error {
	state := st.room.State()
	if !state.May(state.Members[st.member].Role, party.Moderate) || !st.limits.signal(st.member, st.Clock.Now()) {
		return nil
	}
	if st.Answer != nil {
		st.Answer(*sig.Answer)
		return nil
	}
	frame, err := wire.Marshal(wire.Signal{Answer: sig.Answer})
	if err == nil {
		st.room.Signal(room.Signal{By: st.member, Frame: frame, To: party.Host + 1})
	}
	return err
}
