package room_test

import (
	"testing"
	"testing/synctest"
	"time"

	"watchparty/node/party"
)

// TestMotionIsCounted: the room itself counts a vote about the film when its time is over, once.
func TestMotionIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir())
		for _, id := range []party.MemberID{"g", "a", "b"} {
			s.must(party.House, party.Admit{Member: party.Member{ID: id, Name: string(id)}})
			s.must(id, party.Come{Screen: party.Screen{ID: party.ScreenID(id), Kind: "page"}})
		}
		s.must("h", party.Set{Wait: new(party.WaitNone), Vote: new(true)})
		s.must("h", party.Cue{Title: "one", Play: true})
		s.must("g", party.Pause{})
		running := func() bool {
			synctest.Wait()
			return s.room.State().Timeline.Rate > 0
		}
		<-time.After(14 * time.Second)
		if !running() {
			t.Error("paused before the time is over")
		}
		<-time.After(2 * time.Second)
		if m := s.room.State().Motion; running() || !m.Passed || m.Yes != 1 || m.No != 0 {
			t.Errorf("after it: %+v", m)
		}
		s.stop()
	})
}
