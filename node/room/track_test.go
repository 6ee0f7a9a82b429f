package room_test

import (
	"testing"
	"testing/synctest"
	"time"

	"watchparty/node/party"
)

// TestTracksFollow: the room announces each track of an album and begins it exactly where the last
// one ends, whether or not starts wait for anybody.
func TestTracksFollow(t *testing.T) {
	for _, wait := range []party.Waiting{party.WaitNone, party.WaitAll} {
		synctest.Test(t, func(t *testing.T) {
			s := open(t, t.TempDir())
			s.must("h", party.Set{Wait: &wait})
			s.must("h", party.Cue{Title: "track1", Play: true})
			ends, _ := s.room.State().Timeline.Ends()
			<-time.After(time.Until(ends) - 20*time.Second - 10*time.Millisecond)
			synctest.Wait()
			if c := s.room.State().Coming; c != nil {
				t.Errorf("%s: %+v is announced too early", wait, c)
			}
			<-time.After(300 * time.Millisecond)
			synctest.Wait()
			if c := s.room.State().Coming; c == nil || c.Title != "track2" || !c.Due().Equal(ends) {
				t.Errorf("%s: %+v is announced, want track2 at %v", wait, c, ends)
			}
			seq := s.room.State().Seq
			<-time.After(time.Until(ends) + 5*time.Millisecond)
			synctest.Wait()
			if l := s.room.State().Timeline; l.Title != "track2" || !l.At.Equal(ends) || l.Rate != 1 || s.room.State().Seq != seq+1 {
				t.Errorf("%s: after the first: %+v", wait, l)
			}
			<-time.After(2*time.Minute + time.Second)
			synctest.Wait()
			if l := s.room.State().Timeline; l.Title != "track3" || l.Rate != 0 || s.room.State().Coming != nil || s.room.State().Seq != seq+4 {
				t.Errorf("%s: after the last: %+v", wait, l)
			}
			s.stop()
		})
	}
}

// TestAPauseAtTheSeam: a wish that comes when the next track is due finds it on.
func TestAPauseAtTheSeam(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir())
		s.must("h", party.Set{Wait: new(party.WaitNone)})
		s.must("h", party.Cue{Title: "track1", Play: true})
		ends, _ := s.room.State().Timeline.Ends()
		<-time.After(time.Until(ends))
		s.must("h", party.Pause{})
		if l := s.room.State().Timeline; l.Title != "track2" || l.Rate != 0 {
			t.Errorf("paused on %+v", l)
		}
		s.stop()
	})
}
