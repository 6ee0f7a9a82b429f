package node

import (
	"testing"
	"time"

	"watchparty/media/live"
)

// TestSizes: the other node gets the largest size, a smaller one where the way is bad, the larger one again only after it
// was good for a while, and never one that the camera has stopped to send. A size begins with a whole picture.
func TestSizes(t *testing.T) {
	s := &sending{wanted: true, size: -1, aim: -1}
	now := time.Now()
	passes := func(size uint8, whole bool) bool {
		return s.passes(live.Packet{Video: true, Size: size, Whole: whole}, now)
	}
	see := func(what string, want ...bool) {
		t.Helper()
		passes(1, true) // the change
		passes(3, true)
		if got := [2]bool{passes(1, true), passes(3, true)}; got != [2]bool(want) {
			t.Errorf("%s: the small size passes %v, the large one %v", what, got[0], got[1])
		}
	}
	if passes(1, false) || !passes(1, true) || passes(3, false) {
		t.Error("a size does not begin with a whole picture")
	}
	see("at first", false, true)
	for range 3 { // one is enough, and there is nothing below
		if now = now.Add(500 * time.Millisecond); s.suit(true, now) != (s.aim == 1 && s.size == 3) {
			t.Error("a change is not told, or one that is none is")
		}
		see("on a bad way", true, false)
	}
	now = now.Add(goodTime)
	see("good for a while", true, false)
	if s.suit(false, now); s.aim != 1 {
		t.Error("up again without a wait")
	}
	now = now.Add(time.Second / 2)
	if !s.suit(false, now) {
		t.Error("no change after a good time")
	}
	if passes(1, true) != true || passes(3, false) {
		t.Error("the small size ends before the large one begins")
	}
	see("up again", false, true)
	now = now.Add(2 * time.Second)
	passes(1, true)
	if !s.suit(false, now) {
		t.Error("a size that does not come any more is waited for")
	}
	if !passes(1, true) || passes(1, false) != true {
		t.Error("a camera that sends less is not seen")
	}
	s.wanted = false
	see("nobody looks", false, false)
}
