package room_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"watchparty/node/clock"
	"watchparty/node/party"
	"watchparty/node/room"
	"watchparty/store"
)

// TestErase: a deleted line is not handed out any more, neither from the tail nor from the store, and comes back with no restart.
func TestErase(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	after := s.room.State().Seq
	line := s.must("g", party.Say{Text: "xyzzy"})
	for range 250 { // more than the state holds
		s.must("g", party.Say{Text: "and on"})
	}
	s.must("h", party.Erase{Line: line, Why: "private"})
	said := func(recs []party.Record) {
		t.Helper()
		for _, r := range recs {
			if strings.Contains(string(r.Bytes()), "xyzzy") {
				t.Errorf("still handed out: %s", r.Bytes())
			}
		}
	}
	news, err := s.room.Seat(after).Next(context.Background())
	if err != nil || len(news.Records) == 0 {
		t.Fatal(err)
	}
	said(news.Records)
	err = s.db.View(func(tx *store.Tx) error {
		recs, err := tx.Records("p", 0, 1000)
		said(recs)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	s.stop()
	if r, err := store.Check(filepath.Join(dir, "party.db")); err != nil {
		t.Errorf("%v: %v", err, r)
	}
	s = open(t, dir)
	s.must("g", party.Say{Text: "next"})
}

// TestRulesStay: the next party begins with the rules of the one before, and who is banned stays out of it.
func TestRulesStay(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	err := s.db.Update(func(tx *store.Tx) error {
		if err := tx.PutAccount(party.Account{ID: "g", Name: "Guest"}); err != nil {
			return err
		}
		if err := tx.PutAccount(party.Account{ID: "other", Name: "Other"}); err != nil {
			return err
		}
		for i, p := range []party.Pass{{Member: "g", Device: "phone"}, {Member: "g"}, {Member: "other", Device: "phone"}, {Member: "other", Device: "laptop"}} {
			if err := tx.PutPass([32]byte{byte(i)}, p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	marked := func() (which string) {
		t.Helper()
		err := s.db.View(func(tx *store.Tx) error {
			for i := range 4 {
				if p, ok, err := tx.Pass([32]byte{byte(i)}); err != nil || !ok {
					t.Fatal(err)
				} else if p.Banned {
					which += string(rune('0' + i))
				}
			}
			banned, err := tx.DeviceBanned("phone")
			if banned != (which != "") {
				t.Errorf("the device is banned: %v", banned)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return which
	}
	slow := 30
	s.must("h", party.Rule{Slow: &slow, Words: &[]string{"zut"}})
	s.must("h", party.Ban{Member: "g", Why: "rude"})
	if got := marked(); got != "012" {
		t.Errorf("passes %q are banned, want 012", got)
	}
	next := openAs(t, s, "q")
	if r := next.State().Rules; r.Slow != 30 || len(r.Words) != 1 {
		t.Errorf("the next party begins with %+v", r)
	}
	s.must("h", party.Unban{Member: "g"})
	if got := marked(); got != "" {
		t.Errorf("passes %q are still banned", got)
	}
}

// openAs begins another party in the same house.
func openAs(t *testing.T, s *stage, id party.ID) *room.Room {
	t.Helper()
	local := room.NewLocal(id, "Saturday", s.db, titles{}, clock.Steady(), slog.New(slog.DiscardHandler))
	r := room.New(id, s.db, local)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	if err := r.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	return r
}
