package room_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"watchparty/node/party"
)

// TestIdleHour: while nothing happens nothing is written, and what is refused costs no write either. A card in a small machine
// wears out by writes.
func TestIdleHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		s := open(t, dir)
		s.must("g", party.Come{Screen: party.Screen{ID: "s", Kind: "page"}})
		s.must("h", party.Cue{Title: "one"})
		file := func() []byte {
			synctest.Wait()
			b, err := os.ReadFile(filepath.Join(dir, "party.db"))
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		before := file()
		<-time.After(time.Hour)
		if !bytes.Equal(before, file()) {
			t.Error("an idle hour was written down")
		}
		if _, err := s.room.Submit(context.Background(), "g", "n", party.End{}); err == nil || !bytes.Equal(before, file()) {
			t.Errorf("a wish that was refused (%v) was written down", err)
		}
		if s.must("g", party.Say{Text: "still here"}); bytes.Equal(before, file()) {
			t.Error("a line was not")
		}
		s.stop()
	})
}
