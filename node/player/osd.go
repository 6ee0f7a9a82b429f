package player

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	lineTime   = 8 * time.Second // a chat line is shown
	noticeTime = 5 * time.Second
	maxLines   = 6  // of chat at a time; the oldest goes
	maxRunes   = 90 // of a line: one row at the size we write in
	osdHeight  = 720

	chatOverlay, noticeOverlay = 1, 2
)

// osd is what is written over the film: the last chat lines at the lower left, and
// notices at the top. Nobody's text is more than text there.
type osd struct {
	send func(command any) error

	lines   []shown
	notice  shown  // a refusal
	status  string // as long as it is so
	waiting shown  // whom a held start waits for; told again every second
	on      map[int]string
}

type shown struct {
	text  string
	until time.Time
}

func newOSD(send func(any) error) *osd { return &osd{send: send, on: map[int]string{}} }

// say shows a chat line.
func (o *osd) say(name, text string) {
	line := `{\b1}` + escape(name, 24) + `{\b0}  ` + escape(text, maxRunes)
	o.lines = append(o.lines, shown{line, time.Now().Add(lineTime)})
	if over := len(o.lines) - maxLines; over > 0 {
		o.lines = slices.Delete(o.lines, 0, over)
	}
	o.draw()
}

// react shows a reaction; the same of the same person once while it stands.
func (o *osd) react(name, with string) {
	line := `{\b1}` + escape(name, 24) + `{\b0}  ` + escape(with, maxRunes)
	if !slices.ContainsFunc(o.lines, func(s shown) bool { return s.text == line }) {
		o.say(name, with)
	}
}

// tell shows a sentence for a moment.
func (o *osd) tell(sentence string) {
	o.notice = shown{escape(sentence, 2*maxRunes), time.Now().Add(noticeTime)}
	o.draw()
}

// keep shows a sentence until another is kept; an empty one is none.
func (o *osd) keep(sentence string) {
	o.status = escape(sentence, 2*maxRunes)
	o.draw()
}

// wait shows whom a start waits for.
func (o *osd) wait(names []string) {
	o.waiting = shown{}
	if len(names) > 0 {
		o.waiting = shown{"Waiting for " + escape(strings.Join(names, ", "), maxRunes), time.Now().Add(3 * time.Second)}
	}
	o.draw()
}

// due is when something has been shown long enough.
func (o *osd) due() (next time.Time) {
	for _, s := range append([]shown{o.notice, o.waiting}, o.lines...) {
		if !s.until.IsZero() && (next.IsZero() || s.until.Before(next)) {
			next = s.until
		}
	}
	return next
}

// draw shows what is to be seen now.
func (o *osd) draw() {
	now := time.Now()
	gone := func(s shown) bool { return !now.Before(s.until) }
	o.lines = slices.DeleteFunc(o.lines, gone)
	if gone(o.notice) {
		o.notice = shown{}
	}
	if gone(o.waiting) {
		o.waiting = shown{}
	}
	var chat, notices []string
	for _, l := range o.lines {
		chat = append(chat, l.text)
	}
	for _, n := range []string{o.status, o.waiting.text, o.notice.text} {
		if n != "" {
			notices = append(notices, n)
		}
	}
	o.put(chatOverlay, `{\an1\q2\fs26\bord1.6\shad0}`, chat)
	o.put(noticeOverlay, `{\an8\q0\fs28\bord1.8\shad0}`, notices)
}

func (o *osd) put(id int, style string, lines []string) {
	data := ""
	if len(lines) > 0 {
		data = style + strings.Join(lines, `\N`)
	}
	if o.on[id] == data {
		return
	}
	o.on[id] = data
	format := "ass-events"
	if data == "" {
		format = "none"
	}
	o.send(map[string]any{"name": "osd-overlay", "id": id, "format": format, "data": data, "res_x": 0, "res_y": osdHeight, "z": id})
}

// escape makes text harmless in ASS, and no longer than fits. A backslash is followed
// by a word joiner, since ASS has no other way to write one.
func escape(text string, most int) string {
	if utf8.RuneCountInString(text) > most {
		text = string([]rune(text)[:most-1]) + "…"
	}
	return inASS.Replace(text)
}

var inASS = strings.NewReplacer(`\`, "\\\u2060", "{", `\{`, "}", `\}`, "\n", " ", "\r", " ", "\u2028", " ", "\u2029", " ")
