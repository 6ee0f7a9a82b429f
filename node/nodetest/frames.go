package nodetest

import (
	"fmt"
	"math"
	"sort"
	"time"
)

// frames keeps the frames that were really shown, as the browser tells: when, in
// milliseconds of the wall clock, and which moment of the film, in seconds. It
// holds on to the page's true clock, whatever is done to that later.
const frames = `(() => {
  const clock = performance.now.bind(performance), origin = performance.timeOrigin;
  const onFrame = HTMLVideoElement.prototype.requestVideoFrameCallback;
  const film = () => document.querySelector('video[data-part=film]');
  const seen = []; window.__frames = seen; let had = null;
  window.__true = { now: () => origin + clock(), origin, clock, onFrame, film };
  const look = () => {
    const v = film();
    if (v && v !== had) {
      had = v;
      const on = (_, m) => { if (seen.length < 1e6) seen.push([origin + m.expectedDisplayTime, m.mediaTime]); onFrame.call(v, on); };
      onFrame.call(v, on);
    }
    setTimeout(look, 50);
  };
  look();
})();`

// Watch is a script for Open: it reads the position of the film twenty times a
// second, and notes each change of speed, each play() and each click. What nobody
// takes is kept up to a bound of some hours.
const Watch = `(() => {
  const kept = { samples: [], acts: [], frames: 0 }, now = window.__true.now;
  const note = (kind, value) => kept.acts.length < 1e5 && kept.acts.push({ at: now(), kind, value });
  setInterval(() => {
    const v = window.__true.film();
    if (!v || kept.samples.length > 1e6) return;
    const at = now(), pos = v.currentTime;
    kept.samples.push([at, pos, v.playbackRate, (v.paused ? 1 : 0) + (v.seeking ? 2 : 0) + (v.readyState < 3 ? 4 : 0)]);
  }, 50);
  const media = HTMLMediaElement.prototype, rate = Object.getOwnPropertyDescriptor(media, 'playbackRate'), play = media.play;
  Object.defineProperty(media, 'playbackRate', { ...rate, set(r) { if (r !== rate.get.call(this)) note('rate', r); rate.set.call(this, r); } });
  media.play = function () { note('play', this.currentTime); return play.call(this); };
  addEventListener('click', () => note('click', 0), true);
  window.__taken = () => {
    const { samples, acts } = kept, shown = window.__frames.slice(kept.frames);
    kept.samples = []; kept.acts = []; kept.frames = window.__frames.length;
    return { samples, acts, frames: shown };
  };
})();`

// Skewed is a script for Open: the page's steady clock runs fast by ppm millionths,
// for its own code and for the times of frames it is told.
func Skewed(ppm float64) string {
	return fmt.Sprintf(`(() => {
  const { clock, onFrame } = window.__true, zero = clock(), off = (t) => zero + (t - zero) * (1 + %g / 1e6);
  performance.now = () => off(clock());
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (f) {
    return onFrame.call(this, (t, m) => f(off(t), { ...m, presentationTime: off(m.presentationTime), expectedDisplayTime: off(m.expectedDisplayTime) }));
  };
})();`, ppm)
}

// Astray is a script for Open: the page's wall clock is wrong by d.
func Astray(d time.Duration) string {
	return fmt.Sprintf(`(() => {
  const off = %d, { origin } = window.__true, True = Date;
  window.Date = class extends True {
    constructor(...a) { a.length ? super(...a) : super(True.now() + off); }
    static now() { return True.now() + off; }
  };
  Object.defineProperty(performance, 'timeOrigin', { get: () => origin + off });
})();`, d.Milliseconds())
}

// Frame is one frame that was shown.
type Frame struct {
	At    float64 // wall clock, ms
	Media float64 // s
}

// Frames gives the frames shown between two moments of the wall clock.
func (p *Page) Frames(from, to time.Time) (out []Frame) {
	p.Helper()
	for _, f := range Eval[[][2]float64](p, `window.__frames`) {
		if f[0] >= float64(from.UnixMilli()) && f[0] <= float64(to.UnixMilli()) {
			out = append(out, Frame{f[0], f[1]})
		}
	}
	return out
}

// Moment is now on the wall clock as it was when the program started, in
// milliseconds: it is never set.
func Moment() float64 {
	return float64(born.UnixMicro())/1000 + float64(time.Since(born))/float64(time.Millisecond)
}

var born = time.Now()

// Sample is where a player said its film was.
type Sample struct {
	At      float64 // ms
	Pos     float64 // s
	Playing bool    // it moves: not paused, not seeking, not out of bytes
	Still   bool    // it is paused and has got where it was sent
}

// Act is something that was done to a player: rate, play or click.
type Act struct {
	At    float64 `json:"at"` // ms
	Kind  string  `json:"kind"`
	Value float64 `json:"value"`
}

// Track is what one screen did, in order of time.
type Track struct {
	Samples []Sample
	Frames  []Frame
	Acts    []Act
}

// Take adds what the page has noted since the last time, with later milliseconds
// added to its clock.
func (p *Page) Take(into *Track, later float64) {
	p.Helper()
	got := Eval[struct {
		Samples [][4]float64 `json:"samples"`
		Acts    []Act        `json:"acts"`
		Frames  [][2]float64 `json:"frames"`
	}](p, `window.__taken()`)
	for _, s := range got.Samples {
		into.Samples = append(into.Samples, Sample{At: s[0] + later, Pos: s[1], Playing: s[3] == 0, Still: int(s[3])&3 == 1})
	}
	for _, f := range got.Frames {
		into.Frames = append(into.Frames, Frame{f[0] + later, f[1]})
	}
	for _, a := range got.Acts {
		a.At += later
		into.Acts = append(into.Acts, a)
	}
}

// ClockOffset tells how many milliseconds to add to the page's true clock for
// Moment, by the quickest of n questions, and half the time that one took: it
// cannot be further off.
func (p *Page) ClockOffset(n int) (offset, half float64) {
	p.Helper()
	half = math.Inf(1)
	for range n {
		sent := Moment()
		at := Eval[float64](p, `window.__true.now()`)
		if h := (Moment() - sent) / 2; h < half {
			offset, half = sent+h-at, h
		}
	}
	return offset, half
}

// Two samples are joined by a straight line only if they are near and on one: else
// something happened between them.
const (
	longestGap = 300   // ms
	bent       = 0.030 // s
)

// At is where the film was at a moment, if it was playing and its place is known.
func (t *Track) At(ms float64) (pos float64, ok bool) {
	i := sort.Search(len(t.Samples), func(i int) bool { return t.Samples[i].At > ms })
	if i == 0 || i == len(t.Samples) {
		return 0, false
	}
	a, b := t.Samples[i-1], t.Samples[i]
	span := (b.At - a.At) / 1000
	if !a.Playing || !b.Playing || span > longestGap/1e3 || math.Abs(b.Pos-a.Pos-span) > bent {
		return 0, false
	}
	return a.Pos + (b.Pos-a.Pos)*(ms-a.At)/(b.At-a.At), true
}

// StillAt is where the film stood at a moment, if it was paused.
func (t *Track) StillAt(ms float64) (pos float64, ok bool) {
	i := sort.Search(len(t.Samples), func(i int) bool { return t.Samples[i].At > ms })
	if i == 0 || !t.Samples[i-1].Still || ms-t.Samples[i-1].At > longestGap {
		return 0, false
	}
	return t.Samples[i-1].Pos, true
}

// FrameAt is the moment of the film that was on the screen.
func (t *Track) FrameAt(ms float64) (media float64, ok bool) {
	i := sort.Search(len(t.Frames), func(i int) bool { return t.Frames[i].At > ms })
	if i == 0 {
		return 0, false
	}
	return t.Frames[i-1].Media, true
}
