//go:build long && linux

package nodetest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestTurn: while others' places of a film are converted, who waits reads how many come first and about how long that takes, at the
// host's page and at that of a guest's node; then the film comes.
func TestTurn(t *testing.T) {
	h := Host(t, shelve(t, library(t, "long.mkv"), shelved{file: "long.mkv"}))
	b := Chromium(t)
	sofa := b.Open(h.Ready.Invite, Small, noFile)
	sofa.Enter("Your name", "Sofa", "Join")
	den := b.Open(h.Node("Den", h.Ready.Invite).URL("/"), Phone, noFile)
	pages := []*Page{sofa, den}
	for _, p := range pages {
		p.Until("what it is", `fetch('/api/titles').then(r => r.json()).then(l => l[0].play)`)
	}
	boss := h.Boss()
	patience := 60
	boss.Must(party.Set{Patience: &patience})
	boss.Must(party.Cue{Title: "long-mkv", Play: true})
	for _, p := range pages {
		p.Until("the film", playing+` && v.currentTime > 1`)
	}
	list := picture.FindStringSubmatch(string(boss.Get("/media/t/long-mkv/hls/main.m3u8").Body))
	var all sync.WaitGroup
	for i := range 20 {
		p := h.Guest(fmt.Sprintf("Guest %d", i))
		all.Go(func() {
			r, _ := http.NewRequest("GET", h.URL(fmt.Sprintf("/media/t/long-mkv/hls/%s/%d.m4s", list[1], 100+15*i)), nil)
			r.Header.Set("Authorization", "Bearer "+p.Token)
			if status, code, err := inTheQueue(r); status != http.StatusOK {
				t.Errorf("request %d: %d %s %v", i, status, code, err)
			}
		})
	}
	within(t, Patience, "they wait", func() bool { return gauge(h, "conversions_waiting") >= 16 })
	boss.Must(party.Seek{Position: party.At(2000)})
	var turn struct{ Before, Seconds float64 }
	within(t, Patience, "the host knows their turn", func() bool {
		return json.Unmarshal(boss.Get(fmt.Sprintf("/media/t/long-mkv/hls/%s/500.turn", list[1])).Body, &turn) == nil && turn.Before > 0
	})
	t.Logf("%+v", turn)
	const about = `/(after|après) \d+ (others|autres) · (about|environ) \d+ /`
	for _, p := range pages {
		p.Until("their turn, while the others wait", about+`.test(document.querySelector('.held-card:not([hidden])')?.textContent)`)
	}
	keepPictures(t, map[string]*Page{"turn-held": sofa, "turn-held-phone": den})
	boss.Must(party.Urge{})
	for _, p := range pages {
		p.Until("their turn", `!document.querySelector('.held-card:not([hidden])') && `+about+`.test(document.querySelector('.waiting:not([hidden])')?.textContent)`)
	}
	keepPictures(t, map[string]*Page{"turn": sofa, "turn-phone": den})
	all.Wait()
	for _, p := range pages {
		p.Until("the film again", playing+` && v.currentTime > 2000`)
		if failed := Eval[[]string](p, `performance.getEntriesByType('resource').filter(e => e.responseStatus >= 400 && e.name.includes('/hls/')).map(e => e.responseStatus + ' ' + e.name)`); len(failed) > 0 {
			t.Errorf("what was waited for failed: %q", failed)
		}
	}
}

// TestGivenUp: what a guest's node asked for and does not wait for any more is not converted, as little as for a page.
func TestGivenUp(t *testing.T) {
	films := library(t, "long.mkv")
	dir := illFFmpeg(t)
	h := Host(t, shelve(t, films, shelved{file: "long.mkv"}))
	boss := h.Boss()
	within(t, Patience, "what it is", func() bool { return bytes.Contains(boss.Get("/api/titles").Body, []byte(`"hls":true`)) })
	list := picture.FindStringSubmatch(string(boss.Get("/media/t/long-mkv/hls/main.m3u8").Body))
	node := nodeOf(t, h.Guest("Den"))
	ctx, leave := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() {
			if _, s, err := node.Get(ctx, wire.Get{Title: "long-mkv", Part: "stream", Name: fmt.Sprintf("%s/%d.m4s", list[1], 100+15*i), Length: -1, Head: true}); err == nil {
				s.Cancel(wire.CodeDone)
			}
		})
	}
	within(t, Patience, "they wait", func() bool { return gauge(h, "conversions_waiting") >= 20 })
	leave()
	all.Wait()
	within(t, Patience, "nobody waits", func() bool { return gauge(h, "conversions_waiting") == 0 })
	began, _ := started(t, dir)
	t.Logf("%d were begun", began)
	if began > 20 {
		t.Error("what nobody waits for was converted")
	}
}
