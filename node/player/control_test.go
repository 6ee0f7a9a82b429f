package player

import (
	"bufio"
	"encoding/json"
	"flag"
	"math"
	"os"
	"testing"
	"time"

	"watchparty/node/party"
)

var update = flag.Bool("update", false, "write testdata/control.jsonl anew")

// vector is a line of testdata/control.jsonl, which the page's tests read too: a
// function of the controller, what it is given, and what it answers.
type vector struct {
	Do     string          `json:"do"`
	Line   *party.Timeline `json:"line,omitempty"`
	Habits *Habits         `json:"habits,omitempty"`
	In     []float64       `json:"in"`
	Out    float64         `json:"out"`
	Start  bool            `json:"start,omitempty"`
}

func hostTime(ms float64) time.Time { return time.UnixMicro(int64(math.Round(ms * 1000))) }

// page is what a page's player usually bears.
var page = Habits{Dead: 4, Far: 250, Still: 1, Gain: 0.6, Most: 0.02, Step: 0.001, Near: 25, Gentle: 0.005}

// answer is what the function answers, and whether it asks for a start.
func (v vector) answer(t *testing.T) (out float64, start bool) {
	in := v.In
	switch v.Do {
	case "lead":
		out = lead(in[0], int(in[1]))
	case "learnSeek":
		out = learnSeek(in[0], in[1])
	case "learnLag":
		out = learnLag(in[0], int(in[1]), in[2])
	case "steer":
		start, out = steer(in[0], in[1], in[2], *v.Habits)
	case "median":
		out = median(in)
	case "position":
		out = position(*v.Line, hostTime(in[0]))
		if whole := v.Line.Position(hostTime(in[0])).Seconds(); math.Abs(whole-out) > 0.00051 {
			t.Errorf("the timeline itself says %v, not %v", whole, out)
		}
	case "reaches":
		out = float64(reaches(*v.Line, in[0]).UnixMicro()) / 1000
	default:
		t.Fatalf("no such function: %s", v.Do)
	}
	return out, start
}

func TestGolden(t *testing.T) {
	const name = "testdata/control.jsonl"
	if *update {
		writeGolden(t, name)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); n++ {
		var v vector
		if err := json.Unmarshal(lines.Bytes(), &v); err != nil {
			t.Fatalf("line %d: %v", n+1, err)
		}
		if out, start := v.answer(t); math.Abs(out-v.Out) > 1e-6 || start != v.Start {
			t.Errorf("line %d, %s: %v %v, want %v %v", n+1, v.Do, out, start, v.Out, v.Start)
		}
	}
	if n < 60 {
		t.Errorf("only %d lines", n)
	}
}

func writeGolden(t *testing.T, name string) {
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	out := json.NewEncoder(f)
	put := func(v vector) {
		v.Out, v.Start = v.answer(t)
		if err := out.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	do := func(name string, in ...float64) { put(vector{Do: name, In: append([]float64{}, in...)}) }
	for _, in := range [][2]float64{{256, 0}, {256, 1}, {256, 3}, {0, 0}, {41.5, 2}} {
		do("lead", in[:]...)
	}
	for _, in := range [][2]float64{{256, 100}, {256, 900}, {256, 256}, {100, 60000}, {3000, 20}} {
		do("learnSeek", in[:]...)
	}
	for _, in := range [][3]float64{{80, 0, 10}, {80, 1, 10}, {80, 5, -25.5}, {0, 0, 390}, {490, 2, -390}, {-3.25, 1, 0}} {
		do("learnLag", in[:]...)
	}
	for _, h := range []Habits{smooth, stepped, page} {
		for _, err := range []float64{0, 0.4, 0.9, -0.9, 1.1, 1.5, -1.5, 1.999, 2, 2.1, -2.1, 3, -5, 7.7, 16, -16, 25, -25.1, 39, 60, -60, 250, 251, -300} {
			for _, speed := range []float64{1, 1.002} {
				put(vector{Do: "steer", Habits: &h, In: []float64{err, speed, 1}})
			}
		}
		put(vector{Do: "steer", Habits: &h, In: []float64{-20, 1.5, 1.5}})
	}
	do("median")
	do("median", 3)
	do("median", 3, 1)
	do("median", 9, -1, 4, 4, 2)
	const at = 1763843201456
	lines := []party.Timeline{
		{Title: "a", Pos: 61500 * time.Millisecond, At: hostTime(at), Rate: 1, Length: 74 * time.Second},
		{Title: "a", Pos: 61500 * time.Millisecond, At: hostTime(at), Rate: 0},
		{Title: "a", Pos: 61500 * time.Millisecond, At: hostTime(at), Rate: 0, Hold: hostTime(at + 5000)},
		{Title: "a", At: hostTime(at), Rate: 1.25},
	}
	for _, line := range lines {
		for _, after := range []float64{-1000, 0, 0.25, 333.5, 12500, 12501, 90000} {
			put(vector{Do: "position", Line: &line, In: []float64{at + after}})
		}
		if line.Rate > 0 {
			for _, pos := range []float64{60, 61.5, 61.541667, 73.999} {
				put(vector{Do: "reaches", Line: &line, In: []float64{pos}})
			}
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
