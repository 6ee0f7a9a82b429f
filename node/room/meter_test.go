package room_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"watchparty/node/party"
	"watchparty/node/room"
)

// TestMeter: reports of screens that play, holds and their length are counted, and
// the next party's room goes on counting.
func TestMeter(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := open(t, dir)
		report := func(r party.Report) {
			r.Title = "open"
			s.room.Signal(room.Signal{By: "g", Screen: "s", Report: &r})
			synctest.Wait()
		}
		report(party.Report{State: party.Playing, MS: -3})
		report(party.Report{State: party.Playing, MS: 30})
		report(party.Report{State: party.Seeking, MS: 5000})
		s.must("h", party.Cue{Title: "open", Play: true})
		if c := s.room.Meter().Counted(); c.Holds != 1 || c.Held != 0 || c.Drift.Count() != 2 || c.Off != 33 {
			t.Errorf("while it waits: %+v", c)
		}
		time.Sleep(2 * time.Second)
		s.must("h", party.Seek{Position: party.At(9)}) // waits on, elsewhere
		time.Sleep(time.Second)
		s.must("h", party.Play{}) // enough
		if c := s.room.Meter().Counted(); c.Holds != 1 || c.Held < 3*time.Second || c.Held > 3100*time.Millisecond {
			t.Errorf("after it went on: %+v", c)
		}
		s.stop()
	})
}

// TestTheNextPartyKeepsTheMeter: a counter never goes back.
func TestTheNextPartyKeepsTheMeter(t *testing.T) {
	first, next := room.New("p", nil, quiet{}), room.New("q", nil, quiet{})
	h := room.NewHouse(first)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	first.Signal(room.Signal{Report: &party.Report{State: party.Playing}})
	shown, err := h.Move(ctx, next)
	if err != nil {
		t.Fatal(err)
	}
	<-shown
	if c := h.Current().Meter().Counted(); c.Drift.Count() != 1 {
		t.Errorf("the next party begins with %+v", c)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// quiet is a source of a party in which nothing happens.
type quiet struct{}

func (quiet) Run(ctx context.Context, publish func([]party.Record, *party.State)) error {
	publish(nil, &party.State{})
	<-ctx.Done()
	return nil
}

func (quiet) Submit(context.Context, party.MemberID, party.Nonce, party.Command) (party.Seq, error) {
	return 0, nil
}

func (quiet) Signal(room.Signal) {}
