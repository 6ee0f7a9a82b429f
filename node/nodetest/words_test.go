package nodetest_test

import (
	"fmt"
	"strconv"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

const shownCues = `document.querySelector('.cues').textContent`

// TestSubtitles: a guest chooses how their subtitles look and when they come, for
// themselves; this film's delay is remembered.
func TestSubtitles(t *testing.T) {
	t.Parallel()
	h := Host(t)
	b := Shell(t)
	boss := h.Boss()
	boss.Must(party.Cue{Title: "night-train"})
	page, phone := b.Open(h.Ready.Invite, Small), b.Open(h.URL("/"), Phone)
	page.Enter("Your name", "Reader", "Join")
	phone.Fill("PIN", "123456")
	phone.Enter("Votre nom", "Lectrice", "Rejoindre")
	page.Click("Subtitles")
	page.Click("English")
	page.Click("Large")
	page.Click("Top")
	page.Until("the cues", `(c = `+video+`.textTracks[0].cues) && c.length > 2`)
	first := Eval[float64](page, video+`.textTracks[0].cues[1].startTime`)
	boss.Must(party.Seek{Position: party.At(first + 0.5)})
	page.Until("a line", shownCues+` !== ''`)
	line := Eval[string](page, shownCues)
	slide := func(p *Page, to string) {
		Eval[bool](p, `(s = document.querySelector('#cues-late'), s.value = `+to+`, s.dispatchEvent(new Event('input', { bubbles: true })))`)
	}
	slide(page, "1.5")
	page.Until("the line to be late", shownCues+` !== `+strconv.Quote(line)+` && `+video+`.textTracks[0].cues[1].startTime === `+fmt.Sprint(first+1.5))
	if got := Eval[string](page, `document.querySelector('#cues-late').getAttribute('aria-valuetext')`); got != "1.5 seconds later" {
		t.Errorf("the slider says %q", got)
	}
	boss.Must(party.Seek{Position: party.At(first + 2)})
	page.Until("the line later", shownCues+` === `+strconv.Quote(line))
	phone.Click("Sous-titres")
	phone.Click("Français")
	slide(phone, "-0.7")
	phone.Until("the words", `document.querySelector('.timing output').textContent.includes('0,7')`)
	keepPictures(t, map[string]*Page{"words": page, "words-phone": phone})
	boss.Must(party.Cue{Title: "small-hours-s01e01"})
	page.Until("another film as it was made", `document.querySelector('#cues-late').value === '0'`)
	boss.Must(party.Cue{Title: "night-train"})
	page.Until("this one as it was left", `document.querySelector('#cues-late').value === '1.5' && `+video+`.textTracks[0].cues?.[1].startTime === `+fmt.Sprint(first+1.5))
}
