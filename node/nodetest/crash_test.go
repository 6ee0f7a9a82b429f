package nodetest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
	"watchparty/store"
)

// kills is how often the host is killed; make test-long does it more often.
var kills = 15

const (
	readyLimit = 2 * time.Second        // from the start of the process to its first line
	saidEvery  = 210 * time.Millisecond // of each guest: what the host allows a person
	filmTurn   = 40.0                   // seconds: the demo films last a minute, so start over in time
)

// A talker is a guest with a node of their own who never stops talking.
type talker struct {
	*program
	name string
	said []acknowledged
}

type acknowledged struct {
	text string
	at   time.Time
}

// talk says line after line until stop is closed. Each line is a new text, sent
// when the one before has been answered.
func (g *talker) talk(stop <-chan struct{}) {
	pace := time.NewTicker(saidEvery)
	defer pace.Stop()
	for line, try := 1, 1; ; try++ {
		text := fmt.Sprintf("%s says %d", g.name, line)
		l, err := g.wish(party.Nonce(fmt.Sprintf("%s-%d", g.name, try)), "say", party.Say{Text: text})
		switch {
		case err != nil:
			g.Errorf("%q was not answered: %v", text, err)
			return
		case l.Event == "ok":
			g.note(func() { g.said = append(g.said, acknowledged{text, l.at}) })
			line++
		case l.Code != "WP-SLOW": // that one is simply said again
			g.Errorf("%q: %s", text, l.text)
			return
		}
		select {
		case <-pace.C:
		case <-stop:
			return
		}
	}
}

// after is how long after a moment the first line was acknowledged.
func (g *talker) after(moment time.Time) (time.Duration, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	i, _ := slices.BinarySearchFunc(g.said, moment, func(a acknowledged, t time.Time) int { return a.at.Compare(t) })
	if i == len(g.said) {
		return 0, false
	}
	return g.said[i].at.Sub(moment), true
}

// An evening is a host that will be killed, and four guests.
type evening struct {
	testing.TB
	random *rand.Rand
	addr   string
	data   string
	host   *program
	house  *House
	boss   *Person // has a pass of the first start, and is not connected
	driver *program
	guests []*talker
	film   party.Timeline
	seeks  int

	toReady []time.Duration
	killed  []time.Time
}

func newEvening(t testing.TB) *evening {
	e := &evening{TB: t, random: rand.New(rand.NewPCG(1, 2)), addr: freePort(t), data: t.TempDir()}
	e.start()
	e.up()
	e.boss = e.house.Pass("the host", wire.Join{Secret: Secret(e.house.Ready.Desk)})
	var invitation struct{ Link string }
	a := Do(t, "POST", e.house.URL("/api/invites"), e.boss.Token, map[string]any{"role": party.Moderator, "uses": 1})
	if err := json.Unmarshal(a.Body, &invitation); err != nil || a.Status != 200 {
		t.Fatalf("invite: %d %s", a.Status, a.Body)
	}
	e.driver = join(t, "", "Driver", invitation.Link)
	e.driver.must("cue", "cue", party.Cue{Title: "night-train", Play: true})
	e.film = e.party().Timeline
	for _, name := range []string{"Ann", "Bob", "Cleo", "Dan"} {
		e.guests = append(e.guests, &talker{program: join(t, "", name, e.house.Ready.Invite), name: name})
	}
	return e
}

func (e *evening) start() {
	e.host = start(e, "", "serve", "--json", "--listen", e.addr, "--no-mdns", "--data", e.data, "--region", "FR")
}

// up waits until the host says that it is ready, and until its page is there.
func (e *evening) up() {
	e.Helper()
	e.house = e.host.house()
	took := e.host.event("ready").at.Sub(e.host.started)
	if took > readyLimit {
		e.Errorf("start %d: ready after %v", len(e.killed), took)
	}
	e.toReady = append(e.toReady, took)
}

// party is the host's own, asked for with the pass of the first start.
func (e *evening) party() (s party.State) {
	e.Helper()
	a := Do(e, "GET", e.house.URL("/api/party"), e.boss.Token, nil)
	if err := json.Unmarshal(a.Body, &s); err != nil || a.Status != 200 {
		e.Fatalf("the pass from before: %d %s", a.Status, a.Body)
	}
	return s
}

func (e *evening) kill() {
	e.killed = append(e.killed, time.Now())
	e.host.kill()
}

// night kills the host and starts it again. Every fifth time it is killed once
// more in the middle of its start.
func (e *evening) night() {
	for i := range kills {
		<-time.After(150*time.Millisecond + time.Duration(e.random.Int64N(int64(550*time.Millisecond))))
		if i%2 == 1 { // when something has just been written and perhaps not been answered
			said := len(e.host.printed())
			e.host.await(saidEvery, func() bool { return len(e.host.lines) > said })
		}
		e.kill()
		e.start()
		if i%5 == 4 {
			continue
		}
		e.up()
		e.filmGoesOn()
	}
	e.up()
	e.filmGoesOn()
}

// filmGoesOn checks that the film is where one is that was never stopped: its
// timeline is the same to the millisecond. Near its end it is started over, and
// that, being acknowledged, holds from then on.
func (e *evening) filmGoesOn() {
	e.Helper()
	now := e.party().Timeline
	if now != e.film || now.Rate != 1 {
		e.Errorf("kill %d: the film was on as %+v, now as %+v", len(e.killed), e.film, now)
	}
	if now.Position(time.Now()).Seconds() > filmTurn {
		e.seeks++
		e.driver.must(party.Nonce(fmt.Sprintf("seek-%d", e.seeks)), "seek", party.Seek{Position: party.At(1.5)})
		e.film = e.party().Timeline
		if e.film.Pos != 1500*time.Millisecond {
			e.Errorf("after a seek: %+v", e.film)
		}
	}
}

// TestKilledAgainAndAgain: whatever was acknowledged is there once, for everybody,
// however often the host dies.
func TestKilledAgainAndAgain(t *testing.T) {
	t.Parallel()
	e := newEvening(t)
	stop := make(chan struct{})
	var all sync.WaitGroup
	for _, g := range e.guests {
		all.Go(func() { g.talk(stop) })
	}
	e.night()
	back := e.host.event("ready").at
	for _, g := range e.guests {
		g.until(g.name+" to be back", func() bool { return len(g.said) > 0 && g.said[len(g.said)-1].at.After(back) })
	}
	close(stop)
	all.Wait()
	everybodyHeard(t, e.guests)
	memory := e.host.memory()
	if code := e.host.stop(); code != 0 {
		t.Errorf("after SIGTERM the host ends with %d", code)
	}
	e.logIsWhole()
	e.figures(back)
	t.Logf("host's memory at the end: %d kB", memory)
}

// everybodyHeard waits until each guest has printed every acknowledged line, and
// checks that none was printed twice.
func everybodyHeard(t testing.TB, guests []*talker) {
	t.Helper()
	said := acknowledgedBy(guests)
	for _, g := range guests {
		heard, seen := map[string]int{}, 0
		g.until("everything that was said", func() bool {
			for ; seen < len(g.lines); seen++ {
				if said := g.lines[seen].Said; said != nil {
					heard[said.Text]++
				}
			}
			return !slices.ContainsFunc(said, func(text string) bool { return heard[text] == 0 })
		})
		for text, n := range heard {
			if n != 1 {
				t.Errorf("%s heard %q %d times", g.name, text, n)
			}
		}
	}
}

// acknowledgedBy are the lines of all guests, once they have stopped talking.
func acknowledgedBy(guests []*talker) (texts []string) {
	for _, g := range guests {
		for _, a := range g.said {
			texts = append(texts, a.text)
		}
	}
	return texts
}

// logIsWhole compares the log on disk with what was acknowledged, and with what
// each guest's node has printed. The host has ended.
func (e *evening) logIsWhole() {
	records := readLog(e, e.data, e.house.Ready.Party)
	said := map[string]int{}
	for i, r := range records {
		if r.Seq != party.Seq(i+1) {
			e.Fatalf("record %d is numbered %d", i+1, r.Seq)
		}
		if line, ok := r.Event.(party.Said); ok {
			said[line.Text]++
		}
	}
	for _, text := range acknowledgedBy(e.guests) {
		if said[text] != 1 {
			e.Errorf("%q was acknowledged and is in the log %d times", text, said[text])
		}
	}
	for text, n := range said {
		if n != 1 {
			e.Errorf("%q is in the log %d times", text, n)
		}
	}
	for _, g := range e.guests {
		next := party.Seq(0)
		for _, l := range g.printed() {
			switch {
			case l.Seq == 0: // an event
			case next != 0 && l.Seq != next, int(l.Seq) > len(records):
				e.Fatalf("%s printed record %d in the place of %d", g.name, l.Seq, next)
			case !bytes.Equal(l.text, records[l.Seq-1].Bytes()):
				e.Errorf("%s printed %s, the log has %s", g.name, l.text, records[l.Seq-1].Bytes())
			}
			if l.Seq != 0 {
				next = l.Seq + 1
			}
		}
	}
	e.Logf("%d records, %d lines acknowledged", len(records), len(acknowledgedBy(e.guests)))
}

// readLog reads a party's log from the data folder of a host that has ended.
func readLog(t testing.TB, dir string, id party.ID) (all []party.Record) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil || len(files) != 1 {
		t.Fatalf("databases: %v %v", files, err)
	}
	if report, err := store.Check(files[0]); err != nil {
		t.Errorf("the database: %v\n%s", err, report)
	}
	db, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for more := true; more; {
		err := db.View(func(tx *store.Tx) error {
			recs, err := tx.Records(id, party.Seq(len(all)), 500)
			all, more = append(all, recs...), len(recs) > 0
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

func (e *evening) figures(back time.Time) {
	var silent, last []time.Duration
	for _, g := range e.guests {
		for _, moment := range e.killed {
			if d, ok := g.after(moment); ok {
				silent = append(silent, d)
			}
		}
		if d, ok := g.after(back); ok {
			last = append(last, d)
		}
	}
	e.Logf("start to ready: %s", spread(e.toReady))
	e.Logf("kill to a guest's next acknowledged line: %s", spread(silent))
	e.Logf("last ready to a guest's next acknowledged line: %s", spread(last))
}

func spread(ds []time.Duration) string {
	if len(ds) == 0 {
		return "none"
	}
	ds = slices.Sorted(slices.Values(ds))
	round := func(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
	return fmt.Sprintf("p50 %v, p90 %v, max %v (%d)", round(ds[len(ds)/2]), round(ds[len(ds)*9/10]), round(ds[len(ds)-1]), len(ds))
}
