package clock

import (
	"bufio"
	"encoding/json"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write testdata/clock.jsonl anew")

// A vector is a line of testdata/clock.jsonl, which the page's tests read too. All
// times are milliseconds. The local clock reads Received when a sample is added.
type vector struct {
	Samples [][3]float64 `json:"samples"` // sent, host, received
	Wants   []want       `json:"wants"`
}

// A want is what the estimator has to tell at a local time, after so many samples.
type want struct {
	After     int     `json:"after"`
	At        float64 `json:"at"`
	Offset    float64 `json:"offset"`
	Error     float64 `json:"error"`
	Skew      float64 `json:"skew"` // in ppm, as its error
	SkewError float64 `json:"skewError"`
	Now       float64 `json:"now"` // minus at
}

func moment(ms float64) time.Time { return time.UnixMicro(int64(math.Round(ms * 1000))) }

func unixMillis(t time.Time) float64 { return float64(t.UnixMicro()) / 1000 }

// told is what the estimator tells, in the order of the samples.
func (v vector) told() []want {
	now := moment(v.Samples[0][0])
	e := NewEstimator(func() time.Time { return now })
	var all []want
	for i, s := range v.Samples {
		now = moment(s[2])
		e.Add(Sample{Sent: moment(s[0]), Host: moment(s[1]), Received: now})
		for _, w := range v.Wants {
			if w.After != i+1 {
				continue
			}
			now = moment(w.At)
			skew, bound := e.Skew()
			all = append(all, want{w.After, w.At, millis(e.Offset()), millis(e.Error()), skew * 1e6, bound * 1e6,
				millis(e.Now().Sub(now))})
		}
	}
	return all
}

func TestGolden(t *testing.T) {
	const name = "testdata/clock.jsonl"
	if *update {
		writeGolden(t, name)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	n := 0
	near := func(a, b, grain float64) bool { return math.Abs(a-b) <= grain }
	for ; lines.Scan(); n++ {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		got := v.told()
		if len(got) != len(v.Wants) {
			t.Fatalf("line %d: %d answers, want %d", n+1, len(got), len(v.Wants))
		}
		for i, w := range v.Wants {
			g := got[i]
			if !near(g.Offset, w.Offset, 0.001) || !near(g.Error, w.Error, 0.001) || !near(g.Now, w.Now, 0.001) ||
				!near(g.Skew, w.Skew, 0.001) || !near(g.SkewError, w.SkewError, 0.001) {
				t.Errorf("line %d, after %d: %+v, want %+v", n+1, w.After, g, w)
			}
		}
	}
	if lines.Err() != nil || n < 20 {
		t.Errorf("%d lines, %v", n, lines.Err())
	}
}

// writeGolden writes a few cases by hand, and what samples over links of every kind
// come to.
func writeGolden(t *testing.T, name string) {
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	out := json.NewEncoder(f)
	put := func(v vector) {
		v.Wants = v.told()
		for i := range v.Wants {
			w := &v.Wants[i]
			for _, x := range []*float64{&w.Offset, &w.Error, &w.Skew, &w.SkewError, &w.Now} {
				*x = math.Round(*x*1e4) / 1e4
			}
		}
		if err := out.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	byHand := func(samples ...[3]float64) {
		at := samples[len(samples)-1][2]
		put(vector{samples, []want{{After: len(samples), At: at}, {After: len(samples), At: at + 1000},
			{After: len(samples), At: at + 30000}, {After: len(samples), At: at + 600000}}})
	}
	first := [3]float64{1000, 5020, 1040}
	byHand(first)
	byHand(first, [3]float64{3000, 7003, 3004})                                     // a shorter way
	byHand(first, [3]float64{3000, 7060, 3090})                                     // a longer one
	byHand([3]float64{1000, 5600, 1600}, [3]float64{3000, 7000, 3000})              // 300 ms are slewed
	byHand(first, [3]float64{3000, 7001, 3090})                                     // quick there, slow back
	byHand([3]float64{1000, 5002, 1004}, [3]float64{26000, 30006, 26010})           // an old one
	byHand(first, [3]float64{3000, 9000, 2990})                                     // received before sent: passed over
	byHand(first, [3]float64{3000, 3600050, 3100})                                  // a clock was set
	byHand(first, [3]float64{3000, 50, 3100})                                       // back: less than a minute
	byHand(first, [3]float64{3000, -360000, 3100})                                  // and more
	byHand(first, [3]float64{3000, 3600050, 3100}, [3]float64{5000, 9001, 5002})    // there and back
	byHand([3]float64{1000, 5000, 1000}, [3]float64{3000, 7001.9, 3000})            // rounding
	byHand([3]float64{1000, 5000, 1000}, [3]float64{3000, 7003, 3000})              // more than that
	byHand([3]float64{1000, 5002, 1004}, [3]float64{258000, 262006, 258010})        // all is forgotten
	byHand([3]float64{1000, 5200, 1400}, [3]float64{1100, 5201, 1300}, first)       // not in order
	byHand([3]float64{1000, 5000, 1000}, [3]float64{101000, 105010, 101000}, first) // skewed, to the edge
	for seed := range uint64(12) {
		put(anyVector(seed))
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// anyVector is five minutes on any link, on some of which something happens.
func anyVector(seed uint64) vector {
	l := anyLink(seed + 1000)
	l.rng = rand.New(rand.NewPCG(seed, 11))
	var v vector
	for i := range 150 {
		if i == 75 {
			switch seed % 4 {
			case 1:
				l.roam()
			case 2:
				l.asleep += 3 * time.Minute
			case 3:
				l.offset -= 10 * time.Second
			}
		}
		s, ok := l.ping()
		if ok {
			v.Samples = append(v.Samples, [3]float64{unixMillis(s.Sent), unixMillis(s.Host), unixMillis(s.Received)})
		}
		l.elapsed += 2 * time.Second
		if ok && i%8 == 0 {
			v.Wants = append(v.Wants, want{After: len(v.Samples), At: unixMillis(l.local())})
		}
	}
	return v
}
