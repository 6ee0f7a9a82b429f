//go:build linux

package nodetest_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	. "watchparty/node/nodetest"
)

const (
	grid = 20.0 // ms between the moments that are looked at
	hold = 3.0  // s for which screens must stay together to count as together
)

// over looks at a span on the grid.
func over(from, to float64, look func(ms float64) float64) (out []float64) {
	for at := from; at < to; at += grid {
		out = append(out, look(at))
	}
	return out
}

// apart is the largest less the smallest of what the screens say, NaN when one of
// them says nothing.
func apart(tracks []*Track, say func(*Track) (float64, bool)) float64 {
	least, most := math.Inf(1), math.Inf(-1)
	for _, t := range tracks {
		v, ok := say(t)
		if !ok {
			return math.NaN()
		}
		least, most = min(least, v), max(most, v)
	}
	return most - least
}

// msApart is how many milliseconds players are apart while all play.
func msApart(tracks []*Track, from, to float64) []float64 {
	return over(from, to, func(ms float64) float64 {
		return 1000 * apart(tracks, func(t *Track) (float64, bool) { return t.At(ms) })
	})
}

// stopped is how many milliseconds they are apart while all are paused.
func stopped(tracks []*Track, from, to float64) []float64 {
	return over(from, to, func(ms float64) float64 {
		return 1000 * apart(tracks, func(t *Track) (float64, bool) { return t.StillAt(ms) })
	})
}

// framesBetween is how many frames the screens are apart, by the frames really shown.
// Those that do not tell their frames are left out.
func framesBetween(tracks []*Track, fps, from, to float64) []float64 {
	tracks = slices.DeleteFunc(slices.Clone(tracks), func(t *Track) bool { return len(t.Frames) == 0 })
	return over(from, to, func(ms float64) float64 {
		return apart(tracks, func(t *Track) (float64, bool) {
			media, ok := t.FrameAt(ms)
			return math.Round(media * fps), ok
		})
	})
}

// settled is after how many seconds from the beginning the values stay within a
// limit for the time of hold; infinite if they do not.
func settled(values []float64, limit float64) float64 {
	run := 0
	for i, v := range values {
		if !(v <= limit) {
			run = 0
		} else if run++; float64(run)*grid >= hold*1000 {
			return float64(i+1-run) * grid / 1000
		}
	}
	return math.Inf(1)
}

// known leaves out what is no number.
func known(values []float64) (out []float64) {
	for _, v := range values {
		if !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	return out
}

// quantile of the known values; NaN of none.
func quantile(values []float64, q float64) float64 {
	v := known(values)
	if len(v) == 0 {
		return math.NaN()
	}
	slices.Sort(v)
	k := q * float64(len(v)-1)
	low := int(k)
	if low+1 >= len(v) || v[low] == v[low+1] { // infinities have no difference
		return v[low]
	}
	if k == float64(low) {
		return v[low]
	}
	return v[low] + (v[low+1]-v[low])*(k-float64(low))
}

// quantiles adds p50, p95 and p99 of the values.
func (f *figures) quantiles(name string, values []float64) {
	f.add(name+" p50", quantile(values, .50))
	f.add(name+" p95", quantile(values, .95))
	f.add(name+" p99", quantile(values, .99))
}

// times adds the median and the worst of how long something took, and how many
// never came.
func (f *figures) times(name string, seconds []float64) {
	if len(seconds) > 0 {
		f.add(fmt.Sprintf("%s never, of %d", name, len(seconds)), float64(len(slices.DeleteFunc(slices.Clone(seconds), func(s float64) bool { return !math.IsInf(s, 1) }))))
		f.add(name+" median s", quantile(seconds, .5))
		f.add(name+" worst s", quantile(seconds, 1))
	}
}

// steadyTrack is a player that begins at pos, with samples each 50 ms.
func steadyTrack(pos, from, to float64) *Track {
	t := &Track{}
	for at := from; at <= to; at += 50 {
		p := pos + (at-from)/1000
		t.Samples = append(t.Samples, Sample{At: at, Pos: p, Playing: true})
	}
	for at := from; at <= to; at += 1000.0 / 24 {
		t.Frames = append(t.Frames, Frame{At: at, Media: math.Round((pos+(at-from)/1000)*24) / 24})
	}
	return t
}

// TestSpread holds the arithmetic of the benchmarks against players of known
// positions.
func TestSpread(t *testing.T) {
	a, b := steadyTrack(5, 1000, 9000), steadyTrack(5.030, 1013, 9000)
	for _, v := range msApart([]*Track{a, b}, 1100, 8900) {
		if math.Abs(v-17) > 0.001 { // 30 ms ahead, 13 ms late
			t.Fatalf("17 ms apart, and found %v", v)
		}
	}
	if v := framesBetween([]*Track{a, steadyTrack(5+2.0/24, 1000, 9000)}, 24, 1100, 8900); quantile(v, 0) != 2 || quantile(v, 1) != 2 {
		t.Errorf("two frames apart, and found %v to %v", quantile(v, 0), quantile(v, 1))
	}
	b.Samples = append(b.Samples[:60:60], steadyTrack(40, 4500, 9000).Samples...)
	a.Samples = append(a.Samples[:60:60], steadyTrack(40.010, 5000, 12000).Samples...) // 490 ms behind
	if s := settled(msApart([]*Track{a, b}, 3000, 8900), 42); !math.IsInf(s, 1) {
		t.Errorf("never together, and found after %v s", s)
	}
	a.Samples = append(a.Samples[:60:60], steadyTrack(40.510, 5000, 12000).Samples...)
	if s := settled(msApart([]*Track{a, b}, 3000, 8900), 42); math.Abs(s-2) > 0.021 {
		t.Errorf("together after 2 s, and found after %v s", s)
	}
	if q := quantile([]float64{3, math.NaN(), 1, math.Inf(1)}, .5); q != 3 {
		t.Errorf("the median of 1, 3 and never is %v", q)
	}
}
