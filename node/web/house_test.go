package web_test

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"watchparty/node"
	. "watchparty/node/nodetest"
)

// TestInvitationEnds: an invitation that says nothing of its end is good for a day.
func TestInvitationEnds(t *testing.T) {
	h := Host(t)
	boss := h.Boss()
	for body, want := range map[string]time.Duration{
		`{}`: 24 * time.Hour, `{"ttl":""}`: 24 * time.Hour, `{"ttl":"90m"}`: 90 * time.Minute, `{"ttl":"0"}`: 0, `{"ttl":"0s"}`: 0,
	} {
		a := Do(t, "POST", h.URL("/api/invites"), boss.Token, json.RawMessage(body))
		var made struct{ Expires int64 }
		if err := json.Unmarshal(a.Body, &made); err != nil || a.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", body, a.Status, a.Body)
		}
		switch left := time.Until(time.UnixMilli(made.Expires)); {
		case want == 0 && made.Expires == 0:
		case want == 0 || left > want || left < want-time.Minute:
			t.Errorf("%s: it ends at %d, %v from now, want %v", body, made.Expires, left, want)
		}
	}
}

// lines is a log that a test reads.
type lines struct {
	mu  sync.Mutex
	all strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(b)
}

func (l *lines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// TestWhatIsNotThere: a film without a poster or a subtitle is nothing to worry
// about; a film whose file has gone is.
func TestWhatIsNotThere(t *testing.T) {
	log := &lines{}
	h := Host(t, Catalog(t, `
version: 1
library: films
titles:
  - {id: here, title: Here, file: small-hours-s01e02.mp4, regions: {allow: [world]}}
  - {id: beside, title: Beside, file: night-train.mp4, regions: {allow: [world]}}
  - {id: lost, title: Lost, file: lost.mp4, poster: lost.jpg, regions: {allow: [world]}}
`), func(c *node.HostConfig) {
		c.Log = slog.New(slog.NewTextHandler(log, nil))
		if err := os.Remove(filepath.Join(filepath.Dir(c.Catalog), "films", "small-hours-s01e02.jpg")); err != nil {
			t.Fatal(err)
		}
	})
	ann := h.Guest("Ann")
	for _, path := range []string{"here/poster", "lost/poster", "here/subtitles/xx.vtt"} {
		if a := ann.Get("/media/t/" + path); a.Status != http.StatusNotFound || a.Code() != "WP-UNKNOWN" {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	if a := ann.Get("/media/t/beside/poster"); a.Status != http.StatusOK || a.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("the picture beside a film: %d %s", a.Status, a.Header.Get("Content-Type"))
	}
	if said := log.text(); strings.Contains(said, "cannot be read") {
		t.Errorf("the log complains: %s", said)
	}
	if a := ann.Film("lost"); a.Status != http.StatusServiceUnavailable || a.Code() != "WP-MEDIA-GONE" {
		t.Errorf("lost film: %d %s", a.Status, a.Body)
	}
	if !strings.Contains(log.text(), "cannot be read") {
		t.Error("nothing was logged of the lost film")
	}
}
