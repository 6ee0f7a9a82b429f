package rendition

import (
	"encoding/json"
	"errors"
	"io/fs"
	"runtime"
	"testing"
	"time"

	"watchparty/media/ffmpeg"
)

// Who waits while others' segments are made is told how many come first, and how long that takes once it is known.
func TestTurn(t *testing.T) {
	s := studio(t, 1<<30)
	s.picture = ffmpeg.NewPool(1)
	if _, err := s.Info(t.Context(), source("long.mp4")); err != nil {
		t.Fatal(err)
	}
	turn := func(n string) (is Turn) {
		t.Helper()
		if err := json.Unmarshal(get(t, s, "long.mp4", "720/"+n+".turn"), &is); err != nil {
			t.Fatal(err)
		}
		return is
	}
	if is := turn("10"); is != (Turn{}) {
		t.Errorf("of what nobody asked for: %+v", is)
	}
	back, err := s.picture.Take(t.Context()) // what goes on at some other film
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan []byte)
	for i, name := range []string{"720/10.m4s", "720/40.m4s"} {
		go func() { done <- get(t, s, "long.mp4", name) }()
		for s.picture.Queue() <= i {
			runtime.Gosched()
		}
	}
	for n, before := range map[string]int{"10": 1, "11": 1, "40": 2, "25": 0, "9": 0} {
		if is := turn(n); is != (Turn{Before: before}) {
			t.Errorf("of %s: %+v", n, is)
		}
	}
	began := time.Now()
	back()
	<-done
	<-done
	took := time.Since(began)
	if is := turn("40"); is.Before != 0 {
		t.Errorf("of what is made: %+v", is)
	}
	back, err = s.picture.Take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	go func() { done <- get(t, s, "long.mp4", "720/60.m4s") }()
	for s.picture.Queue() == 0 {
		runtime.Gosched()
	}
	if is := turn("60"); is.Before != 1 || is.Seconds < 0.01 || is.Seconds > took.Seconds() {
		t.Errorf("after two that took %v: %+v", took, is)
	}
	back()
	<-done
	for _, wrong := range []string{"720/-1.turn", "720/01.turn", "720/x.turn", "481/1.turn"} {
		if _, err := s.Open(t.Context(), source("long.mp4"), wrong); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}
