package nodetest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"watchparty/node"
	"watchparty/node/clock"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestScheduled: the host fixes a party; who opens its link before sees name, film and countdown, and takes a calendar file; a change reaches
// them, and a restart loses nothing; when the doors open they come in.
func TestScheduled(t *testing.T) {
	t.Parallel()
	h, b := Host(t), Shell(t)
	desk := b.Open(h.Ready.Desk, Desktop)
	desk.Click("Parties to come")
	desk.Fill("Name", "Noël, <b>all</b>; together")
	Eval[any](desk, `(() => { const set = (id, v) => { const e = document.querySelector(id); e.value = v; };
		set('#scheduled-at', new Date(Date.now() + 50 * 3600e3 - new Date().getTimezoneOffset() * 60e3).toISOString().slice(0, 16)); set('#scheduled-title', 'night-train'); })()`)
	desk.Click("Schedule it")
	desk.Until("its link", `document.querySelector('dialog[open] .copy-text')?.value.includes('#')`)
	link := Eval[string](desk, `document.querySelector('dialog[open] .copy-text').value`)
	keepPictures(t, map[string]*Page{"scheduled": desk})
	desk.Click("Close")
	guest := b.Open(link, Phone)
	guest.Until("the countdown", `/Noël, <b>all<.b>; together\s+Night Train\s+2 jours [12]:\d\d:\d\d/.test(document.querySelector('.countdown').innerText)`)
	guest.Until("its poster", `(p = document.querySelector('.countdown-poster')).naturalWidth > 0 && p.checkVisibility()`)
	keepPictures(t, map[string]*Page{"countdown": guest})
	secret := map[string]string{"secret": Secret(link)}
	calendar := func() string { return calendarOf(t, h, secret) }
	file := calendar()
	for _, want := range []string{"METHOD:PUBLISH\r\n", "SEQUENCE:0\r\n", `SUMMARY:Noël\, <b>all</b>\; together`, "TRIGGER:-PT30M", "Night Train"} {
		if !strings.Contains(file, want) {
			t.Errorf("the calendar file lacks %q:\n%s", want, file)
		}
	}
	if a := Do(t, http.MethodPost, h.URL("/api/join"), "", map[string]string{"name": "Early", "secret": Secret(link)}); a.Status != http.StatusForbidden || a.Code() != "WP-DOORS" {
		t.Errorf("before the doors open: %d %s", a.Status, a.Body)
	}
	h.Stop()
	h.Start()
	var list struct{ Scheduled []struct{ ID string } }
	host := h.Boss().Joined.Token
	json.Unmarshal(Do(t, http.MethodGet, h.URL("/api/desk/scheduled"), host, nil).Body, &list)
	ask := func(what map[string]any) {
		what["id"] = list.Scheduled[0].ID
		if a := Do(t, http.MethodPost, h.URL("/api/desk/scheduled"), host, what); a.Status != http.StatusOK {
			t.Fatalf("%v: %d %s", what, a.Status, a.Body)
		}
	}
	ask(map[string]any{"title": "harbour-lights"})
	guest.Until("no film that is not for them", `!document.querySelector('.countdown-poster').checkVisibility() && !document.querySelector('.countdown-film').checkVisibility()`)
	if a := Do(t, http.MethodPost, h.URL("/api/scheduled/poster"), "", secret); a.Status != http.StatusNotFound || len(a.Body) > 300 {
		t.Errorf("the poster for who may not watch: %d, %d bytes", a.Status, len(a.Body))
	}
	ask(map[string]any{"name": "New Year", "at": time.Now().Add(90 * time.Hour).UnixMilli()})
	guest.Until("the change", `/New Year[^]*3 jours/.test(document.querySelector('.countdown').innerText)`)
	if again := calendar(); !strings.Contains(again, "SEQUENCE:2\r\n") || valueOf(again, "UID:") != valueOf(file, "UID:") {
		t.Errorf("after the change the file is\n%s", again)
	}
	ask(map[string]any{"open": true})
	guest.Enter("Votre nom", "Ana", "Rejoindre")
}

// calendarOf fetches the calendar file of a party to come, and unfolds it.
func calendarOf(t *testing.T, h *House, secret map[string]string) string {
	t.Helper()
	a := Do(t, http.MethodPost, h.URL("/api/scheduled/calendar"), "", secret)
	var c struct{ ICS string }
	json.Unmarshal(a.Body, &c)
	for _, line := range strings.Split(c.ICS, "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	return strings.ReplaceAll(c.ICS, "\r\n ", "")
}

// valueOf is the one that begins so.
func valueOf(text, begin string) string {
	_, rest, _ := strings.Cut(text, begin)
	value, _, _ := strings.Cut(rest, "\r\n")
	return value
}

// laterClock is a host's clock that a test can put forward.
type laterClock struct {
	clock.Clock
	by atomic.Int64 // nanoseconds
}

func (c *laterClock) Now() time.Time { return c.Clock.Now().Add(time.Duration(c.by.Load())) }

// TestScheduledBegins: when the doors open, the party begins by itself with its film at rest, and at its moment, no sooner, the film does.
func TestScheduledBegins(t *testing.T) {
	t.Parallel()
	later := &laterClock{Clock: clock.Steady()}
	h := Host(t, func(c *node.HostConfig) { c.Clock = later })
	boss := h.Boss()
	before := boss.State().ID
	boss.Must(party.End{})
	at := later.Now().Add(5 * time.Hour)
	a := Do(t, http.MethodPost, h.URL("/api/desk/scheduled"), boss.Token, map[string]any{"name": "Carnival", "at": at.UnixMilli(), "doors": 60, "title": "night-train", "link": true})
	link := field(t, a.Body, "link")
	later.by.Store(int64(4*time.Hour + time.Minute))
	ctx, stop := context.WithTimeout(t.Context(), Patience)
	defer stop()
	for every := time.NewTicker(50 * time.Millisecond); boss.State().ID == before; boss.Sit() { // people at the curtain come in again by themselves
		select {
		case <-every.C:
		case <-ctx.Done():
			t.Fatal("the party does not begin")
		}
	}
	ann := h.By("Ann", link)
	ann.Until("the film, at rest", func() bool { return ann.StateNow().Timeline.Title == "night-train" })
	if s := ann.State(); s.Name != "Carnival" || s.Timeline.Wanted() {
		t.Errorf("before its moment %s has %+v", s.Name, s.Timeline)
	}
	later.by.Store(int64(5 * time.Hour))
	ann.Until("the film to begin", func() bool { return ann.StateNow().Timeline.Wanted() })
	if first := ann.State().Timeline.At; first.Before(at) {
		t.Errorf("the film began %v before its moment", at.Sub(first))
	}
}
