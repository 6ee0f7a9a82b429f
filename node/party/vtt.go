package party

import (
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"watchparty/media/catalog"
)

// lineTime is how long a chat line stands as a subtitle: two lines are read in it.
const lineTime = 5 * time.Second

// WriteVTT writes the chat as WebVTT in film time, title by title; only one title if it is named. Cues stand in the order of
// their beginnings, as WebVTT §4.1 wants it, within each title.
func (k Keepsake) WriteVTT(w io.Writer, only catalog.TitleID) error {
	if _, err := fmt.Fprint(w, "WEBVTT\n"); err != nil {
		return err
	}
	for _, reel := range k.Reels {
		if reel.Title == "" || only != "" && reel.Title != only {
			continue
		}
		fmt.Fprintf(w, "\nNOTE %s\n", reel.Title)
		for _, l := range reel.Lines {
			at := duration(l.Pos)
			voice := "v"
			if l.Me {
				voice = "v." + doneClass
			}
			if _, err := fmt.Fprintf(w, "\n%s --> %s\n<%s %s>%s\n", stamp(at), stamp(at+lineTime), voice, vttEscapes.Replace(l.Speaker()), vttEscapes.Replace(l.Words())); err != nil {
				return err
			}
		}
	}
	return nil
}

// Speaker is who said a line, as far as it is known.
func (l Line) Speaker() string {
	if l.Name != "" {
		return l.Name
	}
	return string(l.By)
}

// Words are what was done with a line, and what was said.
func (l Line) Words() string {
	var note string
	switch {
	case l.Months == 1:
		note = "subscribed"
	case l.Months > 1:
		note = fmt.Sprintf("subscribed, %d months so far", l.Months)
	case len(l.Gifts) > 0:
		note = "gave a month of subscription to " + strings.Join(l.Gifts, ", ")
	}
	if note == "" || l.Text == "" {
		return note + l.Text
	}
	return note + ": " + l.Text
}

// doneClass marks a cue that tells what somebody did, and not what they said (WebVTT §4.2.2).
const doneClass = "me"

// stamp writes a time as WebVTT §4.2 wants it.
func stamp(d time.Duration) string {
	ms := d.Milliseconds()
	return fmt.Sprintf("%02d:%02d:%02d.%03d", ms/3600000, ms/60000%60, ms/1000%60, ms%1000)
}

var vttEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

var (
	vttVoice = regexp.MustCompile(`^<v(\.[^ \t>]*)?[ \t]+([^>]*)>`)
	vttTag   = regexp.MustCompile(`<[^>]*>`)
	vttStamp = regexp.MustCompile(`^(?:(\d{1,4}):)?(\d\d):(\d\d)\.(\d\d\d)$`)
)

// ReadVTT reads a chat that was exported as WebVTT. The file names neither evening nor date, and its titles in notes alone:
// k says the rest, and title is that of what stands before the first note. What cannot be read is refused with WP-IMPORT.
func ReadVTT(b []byte, k Keepsake, title catalog.TitleID) (Keepsake, error) {
	if len(b) > MaxKeepsake {
		return Keepsake{}, unreadable("it is larger than 64 MB")
	}
	text := strings.ReplaceAll(strings.ReplaceAll(strings.TrimPrefix(string(b), "\ufeff"), "\r\n", "\n"), "\r", "\n")
	head, rest, _ := strings.Cut(text, "\n")
	if head != "WEBVTT" && !strings.HasPrefix(head, "WEBVTT ") && !strings.HasPrefix(head, "WEBVTT\t") {
		return Keepsake{}, unreadable("it is no WebVTT")
	}
	reels := NewReels(&State{ID: k.Evening, Name: k.Name, Opened: k.Opened})
	n := 0
	for block := range strings.SplitSeq(rest, "\n\n") {
		block = strings.Trim(block, "\n")
		if note, is := strings.CutPrefix(block, "NOTE "); is && isID(note) {
			title = catalog.TitleID(note)
			reels.of(title)
			continue
		}
		l, ok := vttCue(block)
		if !ok {
			continue
		}
		if title == "" {
			return Keepsake{}, unreadable("it does not say of which title: name it with --title")
		}
		if n++; n > maxQuoted || len(reels.of(title).Lines) >= maxReel {
			return Keepsake{}, unreadable("there are too many lines in it")
		}
		l.Seq, l.At = Seq(n), k.Opened
		reels.add(title, l)
	}
	read := reels.Keepsake()
	if read.Ended = k.Ended; n == 0 {
		return Keepsake{}, unreadable("there is no line in it")
	}
	return read.checked()
}

// vttCue reads one block of WebVTT (§4.1); it is not ok for what is no cue.
func vttCue(block string) (l Line, ok bool) {
	lines := strings.Split(block, "\n")
	at := 0
	if !strings.Contains(lines[0], "-->") { // an identifier
		at = 1
	}
	if strings.HasPrefix(block, "NOTE") || len(lines) < at+2 {
		return l, false
	}
	from, _, is := strings.Cut(lines[at], "-->")
	m := vttStamp.FindStringSubmatch(strings.TrimSpace(from))
	if !is || m == nil {
		return l, false
	}
	hours, _ := strconv.Atoi(m[1])
	minutes, _ := strconv.Atoi(m[2])
	sec, _ := strconv.Atoi(m[3])
	ms, _ := strconv.Atoi(m[4])
	text := strings.Join(lines[at+1:], " ")
	if v := vttVoice.FindStringSubmatch(text); v != nil {
		l.Name, l.Me, text = html.UnescapeString(v[2]), slices.Contains(strings.Split(v[1], "."), doneClass), text[len(v[0]):]
	}
	l.Text = html.UnescapeString(vttTag.ReplaceAllString(text, ""))
	l.Pos = float64(((hours*60+minutes)*60+sec)*1000+ms) / 1000
	return l, true
}
