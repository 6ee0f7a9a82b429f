//go:build long && linux

package nodetest_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestLossyEvening: two nodes that play in mpv and two pages are at a party behind a link that loses one packet of twenty, and then one
// of ten. Nobody falls out, what is said comes, and they stay together. By WATCHPARTY_LONG it is ten minutes of that.
func TestLossyEvening(t *testing.T) {
	tools(t, "mpv")
	long := lasts(t, 2*time.Minute) / 2
	mpvHome(t)
	line := (&Link{Delay: 5 * time.Millisecond}).Up(t)
	h := Host(t, func(c *node.HostConfig) { c.Listen = line.Here + ":0" })
	e := &lossy{T: t, boss: h.Boss()}
	e.boss.Must(party.Cue{Title: "night-train"})
	for i := range 2 {
		node, socket := mpvSeat(t, line.Namespace, fmt.Sprintf("Node %d", i), h.Ready.Invite)
		e.nodes, e.mpvs = append(e.nodes, node), append(e.mpvs, WatchMPV(t, socket))
	}
	b := ChromiumIn(t, line.Namespace)
	for i := range 2 {
		p := b.Open(h.Ready.Invite, Small, Watch)
		p.Enter("Your name", fmt.Sprintf("Page %d", i), "Join")
		e.pages = append(e.pages, p)
	}
	e.boss.Must(party.Play{})
	for _, p := range e.pages {
		p.Until("the film", playing)
	}
	for _, p := range e.pages {
		Eval[bool](p, `(el => { window.lost = []; new MutationObserver(() => el.hidden || window.lost.push(el.textContent)).observe(el, {attributes: true}); return true })(document.querySelector('.connection'))`)
	}
	were := e.screens()
	_, before := line.Lost()
	for _, loss := range []float64{0.05, 0.1} {
		line.Lose(loss)
		e.phase(fmt.Sprintf("%.0f %%", 100*loss), long)
	}
	if is := e.screens(); is != were {
		t.Errorf("somebody fell out: the nodes were %s and are %s", were, is)
	}
	for i, p := range e.pages {
		if lost := Eval[[]string](p, `window.lost`); len(lost) > 0 {
			t.Errorf("page %d said %q", i, lost)
		}
	}
	lost, of := line.Lost()
	t.Logf("%d of %d packets were lost", lost, of-before)
	if float64(lost) < 0.05*float64(of-before) {
		t.Error("those are too few")
	}
}

type lossy struct {
	*testing.T
	boss  *Person
	nodes []*program
	pages []*Page
	mpvs  []*MPV
	said  int
}

// screens lists the nodes' screens: who comes again has another. A page may come again by another connection without a word of it.
func (e *lossy) screens() string {
	all := map[string][]party.Screen{}
	for _, m := range e.boss.State().Members {
		if strings.HasPrefix(m.Name, "Node") {
			all[m.Name] = m.Screens
		}
	}
	return fmt.Sprint(all)
}

// phase is some minutes of the evening: every half minute somebody seeks and everybody says something, which all read.
func (e *lossy) phase(name string, long time.Duration) {
	e.Helper()
	bad, looks := 0, 0
	for began := time.Now(); time.Since(began) < long; {
		e.boss.Must(party.Seek{Position: party.At(float64(3 + 2*(e.said%5)))})
		at := Moment()
		lines := []string{}
		say := func(who int, send func(text string)) {
			lines = append(lines, fmt.Sprintf("line %d of %d", e.said, who))
			send(lines[len(lines)-1])
		}
		for i, n := range e.nodes {
			say(i, func(text string) { n.must(party.Nonce(text), "say", party.Say{Text: text}) })
		}
		for i, p := range e.pages {
			say(10+i, func(text string) { p.Fill("Message", text+"\r") })
		}
		e.said++
		for _, text := range lines {
			e.boss.Saw(text)
			for _, p := range e.pages {
				p.Until(text, fmt.Sprintf(`[...document.querySelectorAll('.said:not(.pending)')].some(e => e.innerText.includes(%q))`, text))
			}
		}
		<-time.After(25 * time.Second)
		looks++
		if !e.together(name, at+5000, at+24_000) {
			bad++
		}
	}
	if bad > 1+looks/5 { // a machine with other things to do may spoil some
		e.Errorf("at %s the screens were apart %d times of %d", name, bad, looks)
	}
}

// together looks at a span after a seek: whether the screens are within two frames, and all play.
func (e *lossy) together(name string, from, to float64) bool {
	e.Helper()
	tracks := []*Track{}
	for _, p := range e.pages {
		tracks = append(tracks, &Track{})
		p.Take(tracks[len(tracks)-1], 0)
	}
	for _, m := range e.mpvs {
		tracks = append(tracks, &Track{})
		m.Take(tracks[len(tracks)-1])
	}
	ms := msApart(tracks, from, to)
	p95, some := quantile(ms, .95), float64(len(known(ms)))/float64(len(ms))
	e.Logf("at %s: %.1f ms apart at the median, %.1f at the 95th percentile; all played in %.0f %% of the time", name, quantile(ms, .5), p95, 100*some)
	return p95 < twoFrames && some >= 0.9
}

// twoFrames of a film of 24 a second, in ms.
const twoFrames = 2000.0 / 24
