package room_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/clock"
	"watchparty/node/party"
	"watchparty/node/room"
	"watchparty/store"
)

type titles struct{}

func (titles) Decide(catalog.TitleID, catalog.Viewer, time.Time) catalog.Decision {
	return catalog.Decision{OK: true}
}
func (titles) Length(catalog.TitleID) time.Duration { return time.Minute }
func (titles) Live(catalog.TitleID, time.Time) (from, edge time.Duration, ok bool) {
	return 0, 0, false
}
func (titles) Music(id catalog.TitleID) bool { return strings.HasPrefix(string(id), "track") }
func (titles) Next(id catalog.TitleID) (catalog.TitleID, bool) {
	next, ok := map[catalog.TitleID]catalog.TitleID{"one": "two", "track1": "track2", "track2": "track3"}[id]
	return next, ok
}

type stage struct {
	testing.TB
	room  *room.Room
	local *room.Local
	db    *store.DB
	stop  func()
}

// open opens a party on a real store and lets a host and a guest in.
func open(t testing.TB, dir string) *stage {
	t.Helper()
	db, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	local := room.NewLocal("p", "Friday", db, titles{}, clock.Steady(), slog.New(slog.DiscardHandler))
	r := room.New("p", db, local)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	s := &stage{TB: t, room: r, local: local, db: db}
	s.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("room ended: %v", err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(s.stop)
	if err := r.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	s.must(party.House, party.Admit{Member: party.Member{ID: "h", Name: "Host", Role: party.Host}})
	s.must(party.House, party.Admit{Member: party.Member{ID: "g", Name: "Guest"}})
	return s
}

func (s *stage) must(by party.MemberID, c party.Command) party.Seq {
	s.Helper()
	seq, err := s.room.Submit(context.Background(), by, "", c)
	if err != nil {
		s.Fatalf("%T: %v", c, err)
	}
	return seq
}

// read follows a seat up to a record and checks that none is missing or doubled.
func (s *stage) read(after, upTo party.Seq) {
	s.Helper()
	for seat := s.room.Seat(after); after < upTo; {
		news, err := seat.Next(context.Background())
		if err != nil {
			s.Errorf("after %d: %v", after, err)
			return
		}
		for _, r := range news.Records {
			if r.Seq != after+1 {
				s.Errorf("record %d after %d", r.Seq, after)
			}
			after = r.Seq
		}
	}
}

// TestSeats: fast seats read the tail, slow ones the store, and all see the same.
func TestSeats(t *testing.T) {
	s := open(t, t.TempDir())
	const lines = 2000
	first := s.room.State().Seq
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { s.read(first, first+lines) })
	}
	for w := range 8 {
		all.Go(func() {
			for i := range lines / 8 {
				s.must("g", party.Say{Text: fmt.Sprint(w, i)})
			}
		})
	}
	all.Wait()
	s.read(0, first+lines) // far behind: from the store
	if s.room.Reaches(first + lines + 1) {
		t.Error("a seat may begin after what has not happened")
	}
}

// TestNonce: the second answer is the first one's.
func TestNonce(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	ask := func(s *stage) party.Seq {
		seq, err := s.room.Submit(context.Background(), "g", "n", party.Say{Text: "once"})
		if err != nil {
			t.Fatal(err)
		}
		return seq
	}
	first := ask(s)
	s.must("g", party.Say{Text: "something else"})
	if again := ask(s); again != first {
		t.Errorf("answered with %d, then %d", first, again)
	}
	s.stop()
	s = open(t, dir)
	if again := ask(s); again != first {
		t.Errorf("after a restart answered with %d instead of %d", again, first)
	}
}

// TestFailedCommit: what could not be kept has not happened, for anybody.
func TestFailedCommit(t *testing.T) {
	s := open(t, t.TempDir())
	before := s.room.State()
	long := party.Member{ID: "x", Name: "Guest"}
	for range 32 { // a record that is too long to be kept
		long.Tiers = append(long.Tiers, catalog.Membership{Tier: catalog.Tier(make([]byte, 4<<10))})
	}
	_, err := s.room.Submit(context.Background(), party.House, "", party.Admit{Member: long})
	var refusal *party.Refusal
	if err == nil || errors.As(err, &refusal) {
		t.Fatalf("a record of 128 KB: %v", err)
	}
	if after := s.room.State(); after.Seq != before.Seq {
		t.Errorf("the party went on from %d to %d", before.Seq, after.Seq)
	}
	if seq := s.must("g", party.Say{Text: "next"}); seq != before.Seq+1 {
		t.Errorf("the next record is %d, want %d", seq, before.Seq+1)
	}
	s.read(0, before.Seq+1)
}

// TestFilmEnds: the house stops a film at its end, in its own time.
func TestFilmEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, t.TempDir())
		s.must("h", party.Cue{Title: "x", Play: true})
		<-time.After(59 * time.Second) // virtual
		synctest.Wait()
		if s.room.State().Timeline.Rate != 1 {
			t.Error("stopped early")
		}
		<-time.After(2 * time.Second)
		synctest.Wait()
		if tl := s.room.State().Timeline; tl.Rate != 0 || tl.Pos != time.Minute {
			t.Errorf("at the end: %+v", tl)
		}
		s.stop()
	})
}

// TestHostAway: the sign of life tells how long the host was away.
func TestHostAway(t *testing.T) {
	for _, away := range []time.Duration{10 * time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir)
			s.must("h", party.Cue{Title: "x", Play: true})
			<-time.After(party.LeadSeek + 20*time.Second)
			s.stop()
			<-time.After(away)
			s = open(t, dir)
			tl := s.room.State().Timeline
			want := 30 * time.Second
			if away > party.MaxAway {
				want = 20 * time.Second
			}
			if d := (tl.Position(time.Now()) - want).Abs(); d > time.Millisecond {
				t.Errorf("away %v: at %v, want %v", away, tl.Position(time.Now()), want)
			}
			s.stop()
		})
	}
}

// BenchmarkSay is one line to be durable, published and answered, and read by
// every seat, with some who talk at once.
func BenchmarkSay(b *testing.B) {
	for _, seats := range []int{8, 1000} {
		b.Run(fmt.Sprintf("seats=%d", seats), func(b *testing.B) {
			s := open(b, b.TempDir())
			first := s.room.State().Seq
			var all sync.WaitGroup
			for range seats {
				all.Go(func() { s.read(first, first+party.Seq(b.N)) })
			}
			b.SetParallelism(32) // 64 senders on two cores
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					s.must("g", party.Say{Text: "hello"})
				}
			})
			all.Wait()
		})
	}
}
