package player

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"watchparty/node/party"
)

// sim is a player in simulated time, with the faults of real ones.
type sim struct {
	drift   float64       // parts by which its sound card runs fast
	seek    time.Duration // how long a seek takes
	lag     time.Duration // from being let go until it runs
	noise   float64       // ms: how far a reading is off, at most
	hangs   bool          // does not answer
	dry     bool          // has no bytes
	stepped bool

	rng     *rand.Rand
	pos     float64
	at      time.Time // when it was at pos
	paused  bool
	speed   float64
	seeks   int
	speeds  int
	events  chan func(*Follow)
	landing *time.Timer
}

const picture = 1.0 / 24

var errHangs = errors.New("no answer")

func (p *sim) now() float64 {
	if p.paused {
		return p.pos
	}
	return p.pos + max(time.Since(p.at).Seconds(), 0)*p.speed*(1+p.drift)
}

func (p *sim) set(pos float64, at time.Time) { p.pos, p.at = pos, at }

func (p *sim) answer() error {
	if p.hangs {
		time.Sleep(answerTime)
		return errHangs
	}
	time.Sleep(300 * time.Microsecond)
	return nil
}

func (p *sim) Pause(paused bool) error {
	if err := p.answer(); err != nil {
		return err
	}
	p.set(p.now(), time.Now())
	if !paused && p.paused {
		p.at = p.at.Add(p.lag)
	}
	p.paused = paused
	return nil
}

func (p *sim) Speed(rate float64) error {
	p.set(p.now(), time.Now())
	p.speed = rate
	p.speeds++
	return p.answer()
}

func (p *sim) Seek(to float64) error {
	p.seeks++
	if p.landing != nil {
		p.landing.Stop()
	}
	p.landing = time.AfterFunc(p.seek, func() {
		p.set(math.Ceil(to/picture-1e-6)*picture, time.Now())
		p.events <- (*Follow).Landed
	})
	return p.answer()
}

func (p *sim) Where() (Reading, error) {
	if err := p.answer(); err != nil {
		return Reading{}, err
	}
	r := Reading{Pos: p.now() + (p.rng.Float64()*2-1)*p.noise/1000, At: time.Now(), Took: time.Millisecond / 2, Stepped: p.stepped}
	if p.stepped {
		r.Pos = math.Floor(p.now()/picture)*picture + picture/2
	}
	return r, nil
}

func (p *sim) Frame() (float64, error) {
	return math.Floor(p.now()/picture+1e-6) * picture, p.answer()
}

func (p *sim) Stocked() (bool, error) { return !p.dry, p.answer() }

// hostClock is a host's clock as a guest knows it.
type hostClock time.Duration

func (c hostClock) Now() time.Time     { return time.Now().Add(time.Duration(c)) }
func (hostClock) Error() time.Duration { return time.Millisecond }

// stage is a simulated player on a timeline.
type stage struct {
	*testing.T
	*sim
	follow  *Follow
	clock   hostClock
	line    party.Timeline
	reports []party.Report
	worst   float64 // ms: while it played
}

// play runs a scene in simulated time.
func play(t *testing.T, p sim, scene func(s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p.rng, p.paused, p.speed, p.events = rand.New(rand.NewPCG(1, 2)), true, 1, make(chan func(*Follow), 8)
		if p.seek == 0 {
			p.seek = 80 * time.Millisecond
		}
		s := &stage{T: t, sim: &p, clock: hostClock(37 * time.Minute)}
		s.follow = NewFollow(&p, s.clock, FirstLessons(), time.Sleep, func(r party.Report) { s.reports = append(s.reports, r) })
		s.line = party.Timeline{Title: "a", At: s.clock.Now(), Began: s.clock.Now(), Length: 10 * time.Minute}
		s.follow.Set(s.line)
		s.open(100 * time.Millisecond)
		s.pass(time.Second)
		scene(s)
	})
}

// open opens the film where the controller wants it, which takes some time.
func (s *stage) open(took time.Duration) {
	at := s.follow.Opening()
	s.pass(took)
	s.sim.set(math.Ceil(at/picture-1e-6)*picture, time.Now())
	s.paused = true
	s.follow.Loaded("a", 600, at)
}

// pass lets time go by, as the loop of a sitting does.
func (s *stage) pass(d time.Duration) {
	s.worst = 0
	end := time.NewTimer(d)
	for {
		due := time.NewTimer(time.Until(s.follow.Due()))
		select {
		case e := <-s.events:
			e(s.follow)
		case <-due.C:
			s.follow.Beat()
		case <-end.C:
			due.Stop()
			return
		}
		due.Stop()
		if s.follow.Doing() == party.Playing && !s.paused {
			s.worst = max(s.worst, math.Abs(s.error()))
		}
	}
}

func (s *stage) error() float64 {
	return (s.now() - position(s.line, s.clock.Now().Add(s.follow.Offset))) * 1000
}

func (s *stage) set(change func(l *party.Timeline)) {
	change(&s.line)
	s.follow.Set(s.line)
}

// start lets the party run after a lead; pos below 0 is where it is.
func (s *stage) start(pos float64, ahead time.Duration) {
	s.set(func(l *party.Timeline) {
		l.Pos = l.Position(s.clock.Now())
		if pos >= 0 {
			l.Pos = time.Duration(pos * float64(time.Second))
		}
		l.At, l.Rate, l.Hold = s.clock.Now().Add(ahead), 1, time.Time{}
	})
}

// stops stops the party at an agreed moment.
func (s *stage) stops() {
	s.set(func(l *party.Timeline) {
		at := s.clock.Now().Add(party.LeadPause)
		l.Pos, l.At, l.Rate = l.Position(at), at, 0
	})
}

// within fails where the player is further off.
func (s *stage) within(ms float64, when string) {
	s.Helper()
	if s.follow.Doing() != party.Playing || math.Abs(s.error()) > ms {
		s.Errorf("%s: %s and %.2f ms off, want playing within %v", when, s.follow.Doing(), s.error(), ms)
	}
}
