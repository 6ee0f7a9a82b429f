package room_test

import (
	"testing"
	"testing/synctest"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

// TestNextEpisode: the room itself begins what follows, once, ten seconds after the end.
func TestNextEpisode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir())
		s.must("h", party.Set{Wait: new(party.WaitNone)})
		s.must("h", party.Cue{Title: "one", Play: true})
		on := func() catalog.TitleID {
			synctest.Wait()
			return s.room.State().Timeline.Title
		}
		<-time.After(65 * time.Second) // a minute and the start's lead have passed
		if c := s.room.State().Coming; c == nil || c.Title != "two" {
			t.Fatalf("after the end: %+v", c)
		}
		<-time.After(4 * time.Second)
		if got := on(); got != "one" {
			t.Errorf("%q before the countdown is over", got)
		}
		<-time.After(2 * time.Second)
		if got := on(); got != "two" {
			t.Errorf("%q after it, want two", got)
		}
		<-time.After(65 * time.Second)
		if c := s.room.State().Coming; c != nil || on() != "two" {
			t.Errorf("after the last: %+v on, %+v coming", on(), c)
		}
		s.stop()
	})
}
