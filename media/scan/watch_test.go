package scan

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/media/ffmpeg"
)

// A watched is a house whose library is watched.
type watched struct {
	*house
	*Watcher
	states chan State
}

func watch(t *testing.T, h *house) *watched {
	t.Helper()
	w := &watched{house: h, states: make(chan State, 1000)}
	w.Watcher = (&Watcher{Catalog: h.file(), Index: filepath.Join(h.dir, "cache", "index.json"), Told: func(s State) { w.states <- s },
		Probe: func(context.Context, *os.File) (ffmpeg.Info, error) { return ffmpeg.Info{Duration: time.Hour}, nil },
		Library: func() (string, []string) {
			c, _ := catalog.Parse("catalog.yaml", []byte(h.read()), time.UTC)
			return filepath.Join(h.dir, c.Library), c.Watch
		}}).Start()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return w
}

// until waits for the end of a scan of which something holds.
func (w *watched) until(what string, ok func(State) bool) State {
	w.Helper()
	for late := time.After(time.Minute); ; {
		select {
		case s := <-w.states:
			if !s.Running && ok(s) {
				return s
			}
		case <-late:
			w.Fatalf("never %s; the catalog is\n%s", what, w.read())
		}
	}
}

func added(n int) func(State) bool {
	return func(s State) bool { return s.Report != nil && len(s.Report.New) == n && !s.Dry }
}

// TestWatch: what comes into a watched folder comes into the catalog, once it is whole; a
// disk that goes takes nothing along.
func TestWatch(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "A (2001).mkv")
	h.scan()
	if text := h.read(); !strings.Contains(text, "\nwatch: [\".\"]\n") {
		t.Fatalf("a new catalog is not watched:\n%s", text)
	}
	w := watch(t, h)
	w.until("looked at when it began", added(0))
	h.put("New folder/B (2002).mkv", "old enough")
	w.until("a film in a new folder", added(1))
	// One that is being written is left alone until it rests.
	half := filepath.Join(h.dir, "films", "New folder", "C (2003).mkv")
	if err := os.WriteFile(half, []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	w.until("a film that is being copied", func(s State) bool { return s.Report != nil && s.Report.Young == 1 })
	if strings.Contains(h.read(), "C (2003)") {
		t.Errorf("half a film was added:\n%s", h.read())
	}
	if err := os.Chtimes(half, day, day); err != nil {
		t.Fatal(err)
	}
	w.until("the whole film", added(1))
	before := h.read()
	films := filepath.Join(h.dir, "films")
	if err := os.Rename(films, films+" away"); err != nil {
		t.Fatal(err)
	}
	if s := w.until("the disk gone", func(s State) bool { return s.Err != nil }); !strings.Contains(s.Err.Error(), "WP-SCAN-OFFLINE") || h.read() != before {
		t.Errorf("%v\n%s", s.Err, h.read())
	}
	if err := os.Rename(films+" away", films); err != nil {
		t.Fatal(err)
	}
	if s := w.until("the disk back", func(s State) bool { return s.Err == nil }); s.Report.Found != 3 || s.Report.Probed != 0 || h.read() != before {
		t.Errorf("%+v\n%s", s.Report, h.read())
	}
}

// TestAsked: a catalog that is not watched is scanned when somebody asks, and added to when
// they say so.
func TestAsked(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "A (2001).mkv")
	text := "version: 1\nlibrary: films\ntitles: []\n"
	h.write(text)
	w := watch(t, h)
	w.Scan(false)
	if s := w.until("asked", func(s State) bool { return true }); !s.Dry || len(s.Report.New) != 1 || h.read() != text {
		t.Errorf("%+v\n%s", s, h.read())
	}
	w.Scan(true)
	w.until("added", added(1))
	if !strings.Contains(h.read(), "file: A (2001).mkv") {
		t.Errorf("not added:\n%s", h.read())
	}
}
