package party

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"watchparty/media/catalog"
)

const (
	// MaxKeepsake is the longest file of an evening that is read, in bytes.
	MaxKeepsake = 64 << 20
	// maxQuoted is how many lines it may have altogether.
	maxQuoted = 200_000
	maxReels  = 1000
	burstsIn  = 200 // bursts in one record
	maxCommas = 8 << 20
)

// A Keepsake is the chat of one evening, whole and apart from its log: what is exported, and read in again elsewhere.
type Keepsake struct {
	Evening ID     `json:"evening"`
	Name    string `json:"name"`
	Opened  int64  `json:"opened"` // Unix milliseconds
	Ended   int64  `json:"ended"`
	Reels   []Reel `json:"reels"`
}

// Quoted is a line of an evening that was read in. It moves no Bits: those were another house's.
type Quoted struct {
	Title catalog.TitleID `json:"title,omitempty"`
	Line
}

func (Quoted) apply(*State, Record) {}

// ReadKeepsake reads what was exported as JSON: a keepsake, or all records of a party. What it does not understand is
// refused with WP-IMPORT.
func ReadKeepsake(b []byte) (Keepsake, error) {
	if len(b) > MaxKeepsake {
		return Keepsake{}, unreadable("it is larger than 64 MB")
	}
	if bytes.Count(b, []byte{','}) > maxCommas {
		return Keepsake{}, unreadable("there is too much in it")
	}
	var file loose
	if err := json.Unmarshal(b, &file); err != nil {
		return Keepsake{}, unreadable(notOurs)
	}
	if file.Records == nil {
		return file.keepsake()
	}
	var k Keepsake
	reels := NewReels(&State{})
	for i, raw := range file.Records {
		rec, err := DecodeRecord(bytes.Clone(raw))
		if err != nil {
			return k, unreadable(fmt.Sprintf("its record %d is damaged", i+1))
		}
		reels.Add(rec)
	}
	return reels.Keepsake().checked()
}

// loose is a file of which the parts are not decoded before they are counted: a page of commas is a gigabyte of lines.
type loose struct {
	Evening json.RawMessage // with records it is the sum of the evening
	Name    string
	Opened  int64
	Ended   int64
	Reels   []struct {
		Title         catalog.TitleID
		Lines, Bursts []json.RawMessage
	}
	Records []json.RawMessage
}

func (f loose) keepsake() (Keepsake, error) {
	k := Keepsake{Name: f.Name, Opened: f.Opened, Ended: f.Ended}
	if json.Unmarshal(f.Evening, &k.Evening) != nil {
		return k, unreadable(notOurs)
	}
	for _, raw := range f.Reels[:min(len(f.Reels), maxReels+1)] {
		reel := Reel{Title: raw.Title, Lines: make([]Line, min(len(raw.Lines), maxReel+1)), Bursts: make([]Burst, min(len(raw.Bursts), maxReel+1))}
		for i := range reel.Lines {
			if json.Unmarshal(raw.Lines[i], &reel.Lines[i]) != nil {
				return k, unreadable(notOurs)
			}
		}
		for i := range reel.Bursts {
			if json.Unmarshal(raw.Bursts[i], &reel.Bursts[i]) != nil {
				return k, unreadable(notOurs)
			}
		}
		k.Reels = append(k.Reels, reel)
	}
	return k.checked()
}

const notOurs = "it is not JSON as `watchparty history show --format json` writes it"

func unreadable(why string) error {
	return refuse("WP-IMPORT", "This file holds no evening that can be read in: "+why+". Export it again.")
}

// checked is a stranger's keepsake with everything in it within what an evening can hold, or a refusal.
func (k Keepsake) checked() (Keepsake, error) {
	if !isID(string(k.Evening)) {
		return k, unreadable("it does not say which evening it is")
	}
	if len(k.Reels) > maxReels {
		return k, unreadable("there are too many titles in it")
	}
	k.Name = CleanName(k.Name)
	k.Opened = clampMillis(k.Opened)
	k.Ended = max(clampMillis(k.Ended), k.Opened)
	left := maxQuoted
	reels := []Reel{}
	for _, reel := range k.Reels {
		if reel.Title != "" && !isID(string(reel.Title)) {
			return k, unreadable("a title in it has no name that a catalog could have")
		}
		if slices.ContainsFunc(reels, func(r Reel) bool { return r.Title == reel.Title }) {
			return k, unreadable("a title is in it twice")
		}
		if left -= len(reel.Lines) + len(reel.Bursts); left < 0 || len(reel.Lines) > maxReel || len(reel.Bursts) > maxReel {
			return k, unreadable("there are too many lines in it")
		}
		reels = append(reels, reel.checked(k))
	}
	k.Reels = reels
	return k, nil
}

func (r Reel) checked(k Keepsake) Reel {
	out := Reel{Evening: k.Evening, Name: k.Name, Opened: k.Opened, Title: r.Title, Lines: []Line{}}
	for _, l := range r.Lines {
		gifts := l.Gifts
		l.Name, l.Text, l.Pos, l.At, l.Gifts = CleanName(l.Name), Clean(l.Text, maxSaid), place(l.Pos), clampMillis(l.At), nil
		if !isID(string(l.By)) {
			l.By = ""
		}
		l.Bits, l.Months = max(0, min(l.Bits, maxCheer)), max(0, min(l.Months, 1200))
		for _, name := range gifts[:min(len(gifts), maxGifts)] {
			l.Gifts = append(l.Gifts, CleanName(name))
		}
		if l.Text != "" || l.Months > 0 || len(l.Gifts) > 0 {
			out.Lines = append(out.Lines, l)
		}
	}
	for _, b := range r.Bursts {
		if IsReaction(b.With) && b.N > 0 {
			out.Bursts = append(out.Bursts, Burst{place(b.Pos), b.With, min(b.N, 1_000_000)})
		}
	}
	return out
}

// Log is the keepsake as the log of a party that is over.
func (k Keepsake) Log() ([]Record, error) {
	var recs []Record
	var err error
	add := func(at int64, e Event) {
		if err != nil {
			return
		}
		var r Record
		if r, err = NewRecord(Seq(len(recs)+1), time.UnixMilli(at), House, "", e); err == nil {
			recs = append(recs, r)
		}
	}
	sum := Evening{Lasted: math.Round(float64(k.Ended-k.Opened) / 1000), People: []Attended{}, Shown: []Shown{}}
	add(k.Opened, Opened{k.Evening, k.Name})
	for _, reel := range k.Reels {
		for _, l := range reel.Lines {
			add(k.Ended, Quoted{reel.Title, l})
		}
		for part := range slices.Chunk(reel.Bursts, burstsIn) {
			add(k.Ended, Reacted{reel.Title, part})
		}
		sum.Lines += len(reel.Lines)
		if reel.Title != "" {
			sum.Shown = append(sum.Shown, Shown{Title: reel.Title, At: k.Opened})
		}
	}
	add(k.Ended, Ended{&sum})
	return recs, err
}

// isID says whether a text could be the name of a party, a member or a title.
func isID(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}

// place is a position in a film as a stranger has it.
func place(pos float64) float64 { return max(seconds(duration(pos)), 0) }

// clampMillis is a moment as a stranger has it, between 1970 and 2100.
func clampMillis(ms int64) int64 { return max(0, min(ms, 4_102_444_800_000)) }
