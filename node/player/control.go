package player

import (
	"math"
	"slices"
	"time"

	"watchparty/node/party"
)

// This file is arithmetic alone: what it is given is all it knows. The page has the
// same functions (node/web/ui/js/core/control.js), and testdata/control.jsonl holds
// both to the same answers. Positions are in seconds, everything else in milliseconds;
// an error is positive where the player is ahead.

// Habits are what a kind of player can bear.
type Habits struct {
	Dead  float64 `json:"dead"`  // ms: an error that is left alone
	Far   float64 `json:"far"`   // ms: an error that a new start is better for
	Still float64 `json:"still"` // ms: so near that a correction is finished
	Gain  float64 `json:"gain"`  // share of the error that is worked off in a second
	Most  float64 `json:"most"`  // speed is never further from the timeline's
	Step  float64 `json:"step"`  // the finest change of speed

	// Near is up to where the speed keeps within Gentle, in ms; 0: nowhere. A page does,
	// since keeping the pitch costs it more than it gains there.
	Near   float64 `json:"near,omitempty"`
	Gentle float64 `json:"gentle,omitempty"`
}

var (
	// smooth is a film with sound: mpv tells the sound's position to a part of a millisecond.
	smooth = Habits{Dead: 2, Far: 250, Still: 1, Gain: 0.5, Most: 0.02, Step: 0.001}
	// stepped is a film without: its position moves by whole frames.
	stepped = Habits{Dead: 15, Far: 250, Still: 6, Gain: 0.3, Most: 0.02, Step: 0.001}
)

// lead is how far ahead a start aims: far enough that the seek is over by then, and
// further at each further attempt.
func lead(seekTime float64, tries int) float64 {
	return (seekTime*1.25 + 30) * (1 + float64(tries)/2)
}

// learnSeek is how long a seek takes, after one that took as long as this.
func learnSeek(old, took float64) float64 {
	share := 0.3
	if took > old {
		share = 0.7 // to be late costs more than to wait
	}
	return old + (min(took, 4000)-old)*share
}

// learnLag is how long a player takes to start, after the nth start left an error.
func learnLag(lag float64, n int, err float64) float64 {
	gain := 0.8
	if n > 0 {
		gain = 0.4
	}
	return min(max(lag-err*gain, -60), 500)
}

// steer says what an error asks for: a new start, or a speed. rate is the timeline's,
// speed the player's as it is.
func steer(err, speed, rate float64, h Habits) (start bool, next float64) {
	if math.Abs(err) > h.Far {
		return true, speed
	}
	band := h.Dead
	if speed != rate {
		band = h.Still // once at it, to the end
	}
	if math.Abs(err) <= band {
		return false, rate
	}
	most := h.Most
	if math.Abs(err) <= h.Near {
		most = h.Gentle
	}
	off := min(max(-err/1000*h.Gain, -most), most)
	return false, rate * (1 + math.Floor(off/h.Step+0.5)*h.Step)
}

// median is the upper one of the two in the middle; 0 of nothing.
func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

// position is where the film is at a moment of the host's, in seconds. It is
// [party.Timeline.Position] without the rounding to a millisecond, which is half of
// what we steer by.
func position(t party.Timeline, at time.Time) float64 {
	p := t.Pos.Seconds() + max(at.Sub(t.At), 0).Seconds()*t.Rate
	if t.Length > 0 {
		p = min(p, t.Length.Seconds())
	}
	return max(p, 0)
}

// reaches is when a running film is at a position, in the host's time.
func reaches(t party.Timeline, pos float64) time.Time {
	return t.At.Add(time.Duration((pos - t.Pos.Seconds()) / t.Rate * float64(time.Second)))
}
