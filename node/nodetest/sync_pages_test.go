//go:build linux

package nodetest_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// A variant is what is wrong with one or more of the three pages.
type variant struct {
	name    string
	scripts [3][]string // run in the page before its own
	slow    [3]float64  // times its processor is slower
	link    *Link       // what the last page is behind
}

var (
	wifi = &Link{Delay: 10 * time.Millisecond, Jitter: 10 * time.Millisecond, Loss: 0.005}
	wan  = &Link{Delay: 40 * time.Millisecond, Jitter: 20 * time.Millisecond, Loss: 0.02}
)

// variants: each trouble strikes one page; hard is three pages, each with a trouble
// of its own.
var variants = []variant{
	{name: "lan"},
	{name: "skew", scripts: [3][]string{{Skewed(200)}}},
	{name: "slow", slow: [3]float64{0, 4, 0}},
	{name: "wifi", link: wifi},
	{name: "hard", scripts: [3][]string{{Skewed(200)}}, slow: [3]float64{0, 4, 0}, link: wifi},
	{name: "wan", link: wan},
	{name: "year", scripts: [3][]string{{Astray(365 * 24 * time.Hour)}}},
}

// BenchmarkSyncPages measures how well three browsers are kept together, as
// WATCHPARTY_BENCH_SYNC plans it. A run is one look, whatever b.N.
func BenchmarkSyncPages(b *testing.B) {
	p := planned(b)
	for _, v := range variants {
		b.Run(v.name, func(b *testing.B) {
			r := newReport("pages "+v.name, p)
			for i := range p.Runs {
				b.Run(fmt.Sprintf("run%d", i+1), func(b *testing.B) { pagesRun(b, r, v) })
			}
			r.tell(b)
		})
	}
}

// A stage is three pages at one host, and what they did.
type stage struct {
	*testing.B
	plan
	figures
	h        *House
	boss     *Person
	fps      float64
	browsers []*Browser // three, and one for those who come late
	pages    []*Page
	mpvs     []*MPV
	tracks   []*Track  // the pages', then the mpvs'
	later    []float64 // ms to add to a page's clock
	actions  []action
}

// An action is something that was wished, and how long it took until all were
// together again.
type action struct {
	What    string `json:"what"`
	Seconds figure `json:"s"`        // by the players' positions
	Frames  figure `json:"frames_s"` // by the frames shown
}

func pagesRun(b *testing.B, r *report, v variant) {
	s := &stage{B: b, plan: r.Plan}
	s.open(v, 3)
	s.evening(r)
}

// evening goes through all that is looked at.
func (s *stage) evening(r *report) {
	s.Helper()
	s.clocks(r)
	s.start()
	s.steady()
	s.cpu()
	s.seeks()
	s.resumes()
	s.joins()
	r.run(s.figures)
	r.Detail = append(r.Detail, s.actions)
}

// open opens host, browsers and so many pages.
func (s *stage) open(v variant, pages int) {
	s.Helper()
	listen, far := "127.0.0.1:0", ""
	if v.link != nil {
		l := v.link.Up(s.B)
		listen, far = l.Here+":0", l.Namespace
	}
	s.h, s.fps = clipHost(s.B, s.plan, listen)
	first := Chromium(s)
	s.browsers = []*Browser{first, first, first, first}
	if s.OneBrowser == 0 {
		s.browsers[1], s.browsers[2], s.browsers[3] = Chromium(s), nil, Chromium(s)
	}
	if pages > 2 && (far != "" || s.OneBrowser == 0) {
		s.browsers[2] = ChromiumIn(s, far)
	}
	for i := range pages {
		p := s.browsers[i].Open(s.h.Ready.Invite, Small, append([]string{Watch}, v.scripts[i]...)...)
		p.Enter("Your name", fmt.Sprintf("Screen %d", i+1), "Join")
		if v.slow[i] > 0 {
			p.Slow(v.slow[i])
		}
		s.pages, s.tracks, s.later = append(s.pages, p), append(s.tracks, &Track{}), append(s.later, 0)
	}
	s.boss = s.h.Boss()
}

// clocks compares the pages' clocks with ours, and corrects for what they are apart.
// One page's may differ by less than the question can tell: then it is left alone.
func (s *stage) clocks(r *report) {
	s.Helper()
	note := ""
	for i, p := range s.pages {
		offset, half := p.ClockOffset(200)
		if s.later[i] = offset; math.Abs(offset) < max(half, 0.5) {
			s.later[i] = 0
		}
		note += fmt.Sprintf("  %+.2f±%.2f", offset, half)
	}
	r.note("pages' clocks against ours, ms, corrected from 0.5 on:%s", note)
}

// take fetches what the pages noted.
func (s *stage) take() {
	s.Helper()
	for i, p := range s.pages {
		p.Take(s.tracks[i], s.later[i])
	}
	for i, m := range s.mpvs {
		m.Take(s.tracks[len(s.pages)+i])
	}
}

// wish has the host wish something, and says when.
func (s *stage) wish(c party.Command) (ms float64) {
	s.Helper()
	if s.boss.Bye().Code != "" {
		s.boss.Sit()
	}
	ms = Moment()
	s.boss.Must(c)
	return ms
}

// position is where the party is, in seconds.
func (s *stage) position() float64 {
	return s.boss.State().Timeline.Position(time.Now()).Seconds()
}

func (s *stage) seekTo(seconds float64) (ms float64) {
	s.Helper()
	return s.wish(party.Seek{Position: party.At(seconds)})
}

// together looks at the seconds after an action.
func (s *stage) together(what string, at, window float64, tracks []*Track) (a action, ms []float64) {
	s.Helper()
	end := at + 1000*window
	ms = msApart(tracks, at, end)
	frames := framesBetween(tracks, s.fps, at, end)
	for i, v := range ms { // a screen that is not playing shows a frame, too
		if math.IsNaN(v) {
			frames[i] = math.NaN()
		}
	}
	a = action{what, figure(settled(ms, 1000/s.fps)), figure(settled(frames, 1))}
	s.actions = append(s.actions, a)
	return a, ms
}

// watch waits for so many seconds after an action and fetches what happened.
func (s *stage) watch(window float64) {
	s.Helper()
	pass(window + 0.4) // what is shown at the end has its neighbours later
	s.take()
}

// A window is short after what players do with the film they have, and long after
// they had to open it.
func (s *stage) short() float64 { return float64(s.Window) }
func (s *stage) long() float64  { return float64(s.Window) + 3 }

// start puts the film on.
func (s *stage) start() {
	s.Helper()
	at := s.wish(party.Cue{Title: "clip", Play: true})
	s.watch(s.long())
	a, _ := s.together("start", at, s.long(), s.tracks)
	s.add("start s", float64(a.Seconds))
}

// steady only looks on.
func (s *stage) steady() {
	s.Helper()
	if s.Steady == 0 {
		return
	}
	s.seekTo(10)
	s.watch(s.short())
	worked, all := busy()
	from := Moment()
	pass(float64(s.Steady) + 0.4)
	worked2, all2 := busy()
	s.take()
	to := from + 1000*float64(s.Steady)
	s.quantiles("steady, frames apart", framesBetween(s.tracks, s.fps, from, to))
	ms := msApart(s.tracks, from, to)
	s.quantiles("steady, ms apart", ms)
	s.add("steady, % of the machine busy", 100*(worked2-worked)/(all2-all))
	s.add("steady, % of time not all play", 100*(1-float64(len(known(ms)))/float64(len(ms))))
	rates, starts, most := 0.0, 0.0, 0.0
	for _, t := range s.tracks[:len(s.pages)] {
		mine := 0.0
		for _, a := range t.Acts {
			if a.At >= from && a.At < to && a.Kind == "rate" {
				mine++
			}
			if a.At >= from && a.At < to && a.Kind == "play" {
				starts++
			}
		}
		rates, most = rates+mine, max(most, mine)
	}
	minutes := float64(s.Steady) / 60
	s.add("steady, rate changes/min, mean page", rates/minutes/float64(len(s.pages)))
	s.add("steady, rate changes/min, worst page", most/minutes)
	s.add("steady, starts, all pages", starts)
}

// The page's files that keep it in time; the session also carries everything else.
var (
	controller = []string{"follow.js", "control.js", "clock.js", "frames.js", "timeline.js", "timers.js", "tick-worker.js"}
	talk       = []string{"session.js"}
)

// cpu samples what the first page does while the film plays.
func (s *stage) cpu() {
	s.Helper()
	if s.CPU == 0 {
		return
	}
	share := s.pages[0].Profile(time.Duration(s.CPU)*time.Second, controller, talk, []string{"*"})
	s.add("controller, % of a core", 100*share[0])
	s.add("session, % of a core", 100*share[1])
	s.add("rest of the page's code, % of a core", 100*share[2])
	s.take()
}

// seeks jumps 30 s on and back.
func (s *stage) seeks() {
	s.Helper()
	var took, frames, after []float64
	for i := range s.Seeks {
		if i == 0 {
			s.seekTo(20)
			s.watch(s.short())
		}
		to := s.position() + 30
		if i%2 == 1 {
			to -= 60
		}
		at := s.seekTo(to)
		s.watch(s.short())
		a, ms := s.together(fmt.Sprintf("seek %d", i+1), at, s.short(), s.tracks)
		took, frames, after = append(took, float64(a.Seconds)), append(frames, float64(a.Frames)), append(after, rest(ms)...)
	}
	s.times("seek, until within a frame,", took)
	s.times("seek, until shown within a frame,", frames)
	if s.Seeks > 0 {
		s.add("after seeks, ms apart p95", quantile(after, .95))
	}
}

// rest is the last third of a window: what is left when the work is done.
func rest(values []float64) []float64 { return values[2*len(values)/3:] }

// resumes pauses for two seconds and goes on.
func (s *stage) resumes() {
	s.Helper()
	var stop, left, took, frames, after []float64
	for i := range s.Resumes {
		if i == 0 {
			s.seekTo(20)
			s.watch(s.short())
		}
		at := s.wish(party.Pause{})
		pass(4)
		s.take()
		apart := stopped(s.tracks, at, at+3900)
		stop, left = append(stop, settled(apart, 1000/s.fps)), append(left, rest(apart)...)
		at = s.wish(party.Play{})
		s.watch(s.short())
		a, ms := s.together(fmt.Sprintf("resume %d", i+1), at, s.short(), s.tracks)
		took, frames, after = append(took, float64(a.Seconds)), append(frames, float64(a.Frames)), append(after, rest(ms)...)
	}
	s.times("pause, until on one frame,", stop)
	if s.Resumes > 0 {
		s.add("paused, ms apart worst", quantile(left, 1))
	}
	s.times("resume, until within a frame,", took)
	s.times("resume, until shown within a frame,", frames)
	if s.Resumes > 0 {
		s.add("after resumes, ms apart p95", quantile(after, .95))
	}
}

// joins lets a fourth page come and go.
func (s *stage) joins() {
	s.Helper()
	var click, bytes, frames, after []float64
	for i := range s.Joins {
		if i == 0 {
			s.seekTo(20)
			s.watch(s.short())
		}
		p, t := s.browsers[3].Open(s.h.Ready.Invite, Small, Watch), &Track{}
		byteAt := p.FirstByte()
		p.Enter("Your name", fmt.Sprintf("Late %d", i+1), "Join")
		s.watch(s.long())
		later, half := p.ClockOffset(100)
		if math.Abs(later) < max(half, 0.5) {
			later = 0
		}
		p.Take(t, later)
		p.Close()
		s.take()
		at := 0.0
		for _, a := range t.Acts {
			if a.Kind == "click" {
				at = a.At
			}
		}
		a, ms := s.together(fmt.Sprintf("join %d", i+1), at, s.long(), append([]*Track{t}, s.tracks...))
		click, frames = append(click, float64(a.Seconds)), append(frames, float64(a.Frames))
		bytes, after = append(bytes, at/1000+float64(a.Seconds)-byteAt()/1000), append(after, rest(ms)...)
	}
	s.times("join, from the click,", click)
	s.times("join, from the first byte,", bytes)
	s.times("join, from the click, shown,", frames)
	if s.Joins > 0 {
		s.add("after joins, ms apart p95", quantile(after, .95))
	}
}
