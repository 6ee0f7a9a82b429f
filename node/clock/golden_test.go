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

// vector is a line of testdata/clock.jsonl, which the page's tests read too: local
// and host times in milliseconds, and the offset estimated after the last sample.
type vector struct {
	Samples []sampleMS `json:"samples"`
	Offset  float64    `json:"offset"`
}

type sampleMS struct {
	Sent     float64 `json:"sent"`
	Received float64 `json:"received"`
	Host     float64 `json:"host"`
}

func moment(ms float64) time.Time { return time.UnixMicro(int64(math.Round(ms * 1000))) }

func millis(t time.Time) float64 { return float64(t.UnixMicro()) / 1000 }

func (v vector) offset() float64 {
	e := NewEstimator(func() time.Time { return moment(v.Samples[0].Sent) })
	for _, s := range v.Samples {
		e.Add(Sample{moment(s.Sent), moment(s.Received), moment(s.Host)})
	}
	return float64(e.Offset()) / 1e6
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
	n := 0
	for ; lines.Scan(); n++ {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		if got := v.offset(); math.Abs(got-v.Offset) > 0.001 {
			t.Errorf("line %d: offset %v, want %v", n+1, got, v.Offset)
		}
	}
	if n < 20 {
		t.Errorf("only %d lines", n)
	}
}

// writeGolden writes a few cases by hand, and prefixes of simulated links.
func writeGolden(t *testing.T, name string) {
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	out := json.NewEncoder(f)
	put := func(samples ...sampleMS) {
		v := vector{Samples: samples}
		v.Offset = math.Round(v.offset()*1000) / 1000
		if err := out.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	first := sampleMS{1000, 1040, 5020}
	put(first)
	put(first, sampleMS{3000, 3004, 7003})                                // a shorter way wins
	put(first, sampleMS{3000, 3090, 7060})                                // a longer one does not
	put(sampleMS{1000, 1004, 5002}, sampleMS{26000, 26010, 30006})        // but the old one ages
	put(first, sampleMS{3000, 2990, 9000})                                // received before sent: passed over
	put(first, sampleMS{3000, 3100, 3600050})                             // a clock was set
	put(first, sampleMS{3000, 3100, 50})                                  // back
	put(first, sampleMS{3000, 3100, 3600050}, sampleMS{5000, 5002, 9001}) // and again
	for seed := range uint64(4) {
		l := &link{rng: rand.New(rand.NewPCG(seed, 11)), least: time.Duration(seed) * 5 * time.Millisecond,
			jitter: 40 * time.Millisecond, parts: (float64(seed) - 1.5) * 100e-6, offset: time.Duration(seed-1) * time.Hour}
		var samples []sampleMS
		for i := range 24 {
			s, _ := l.ping()
			samples = append(samples, sampleMS{millis(s.Sent), millis(s.Received), millis(s.Host)})
			l.elapsed += 2 * time.Second
			if i%5 == 3 {
				put(samples...)
			}
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
