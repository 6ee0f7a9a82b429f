package media

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"watchparty/media/catalog"
)

func TestRefusedGetNothingAndTouchNoFile(t *testing.T) {
	l, _, rec, _ := shelf(t)
	gone := from("FR")
	gone.left = true
	for _, test := range []struct {
		id   catalog.TitleID
		who  *guest
		code catalog.Code
	}{
		{"french", from("DE"), catalog.CodeRegion},
		{"french", from(""), catalog.CodeRegion},
		{"prime", from("FR"), catalog.CodeMembership},
		{"over", from("FR"), catalog.CodeWindow},
		{"hidden", from("DE"), catalog.CodeUnknown},
		{"nowhere", from("FR"), catalog.CodeUnknown},
		{"", from("FR"), catalog.CodeUnknown},
		{"open", gone, CodeLeft},
		{"open", &guest{}, catalog.CodeRegion},
	} {
		title, err := l.Open(t.Context(), test.id, test.who)
		if title != nil || code(err) != test.code {
			t.Errorf("%q: title %v, error %v, want %s", test.id, title, err, test.code)
		}
		refused, ok := errors.AsType[*Refused](err)
		if !ok || refused.In("fr") == "" || refused.In("fr") == refused.In("en") {
			t.Errorf("%q: no reason in both languages: %v", test.id, err)
		}
	}
	if len(rec.calls) > 0 {
		t.Errorf("files were touched for refused guests: %q", rec.calls)
	}
	if len(l.open) > 0 {
		t.Errorf("%d titles are still open", len(l.open))
	}
	_, hidden := l.Open(t.Context(), "hidden", from("DE"))
	_, unknown := l.Open(t.Context(), "nowhere", from("DE"))
	if hidden.Error() != unknown.Error() {
		t.Errorf("hidden says %v, unknown says %v", hidden, unknown)
	}
}

func TestAllowedGetEveryPart(t *testing.T) {
	l, _, _, _ := shelf(t)
	title := open(t, l, "french", from("FR"))
	file, err := title.File()
	if got := content(t, file, err); got != "the film french" {
		t.Errorf("film: %q", got)
	}
	poster, err := title.Poster()
	if got := content(t, poster, err); got != "the poster french" || poster.Info().ContentType != "image/jpeg" {
		t.Errorf("poster: %q, %+v", got, poster.Info())
	}
	subtitle, err := title.Subtitle("fr")
	if got := content(t, subtitle, err); !strings.HasPrefix(got, "WEBVTT\n") || !strings.Contains(got, "Le film french") {
		t.Errorf("subtitle: %q", got)
	}
	title.Close()
	if _, err := title.File(); !errors.Is(err, errClosed) {
		t.Errorf("a closed title gives a file: %v", err)
	}
}

func TestListing(t *testing.T) {
	l, _, _, _ := shelf(t)
	list, err := l.Titles(t.Context(), from("DE"), "fr")
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, title := range list {
		ids = append(ids, string(title.ID))
		if title.Allowed == (title.Code != "") || title.Allowed == (title.Reason != "") || title.Allowed != (title.Poster != "") {
			t.Errorf("%+v", title)
		}
		if !title.Allowed && (title.Subtitles != nil || title.Offline || title.BytesPerSecond != 0) {
			t.Errorf("a locked title tells of its files: %+v", title)
		}
	}
	if got := strings.Join(ids, " "); got != "open french prime over" {
		t.Errorf("a guest in DE knows of %s", got)
	}
	if tracks := list[0].Subtitles; len(tracks) != 1 || tracks[0].Key != "fr" || tracks[0].Label != "Français" {
		t.Errorf("subtitles: %+v", tracks)
	}
	gone := from("DE")
	gone.left = true
	if list, err := l.Titles(t.Context(), gone, "en"); list != nil || code(err) != CodeLeft {
		t.Errorf("somebody who left sees %v: %v", list, err)
	}
}

// bubble runs a library in virtual time, over one film that ends its window after an hour.
func bubble(t *testing.T, do func(t *testing.T, l *Library, s *Shelf)) {
	synctest.Test(t, func(t *testing.T) {
		files := fstest.MapFS{"film.mp4": {Data: []byte(strings.Repeat("film", 1000))}}
		until := time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		s := NewShelf(FSFolder(files), parse(t, "version: 1\ntitles: [{id: film, title: F, file: film.mp4, until: "+until+", regions: {allow: [FR]}}]"))
		l := NewLibrary(s)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- l.Run(ctx) }()
		do(t, l, s)
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestStartedFilmIsNotCutByTime(t *testing.T) {
	bubble(t, func(t *testing.T, l *Library, _ *Shelf) {
		early, late := from("FR"), from("FR")
		early.begun = time.Now()
		begun, other := open(t, l, "film", early), open(t, l, "film", late)
		file, err := begun.File()
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(time.Hour + recheck)
		synctest.Wait()
		if _, err := io.ReadFull(file, make([]byte, 100)); err != nil || begun.Err() != nil {
			t.Errorf("the film that had started was cut: %v", err)
		}
		if code(other.Err()) != catalog.CodeWindow {
			t.Errorf("nobody had started the other: %v", other.Err())
		}
		if _, err := l.Open(t.Context(), "film", late); code(err) != catalog.CodeWindow {
			t.Errorf("a film can be started after its time: %v", err)
		}
	})
}

func TestRemovedGuestIsCut(t *testing.T) {
	bubble(t, func(t *testing.T, l *Library, _ *Shelf) {
		ann, bob := from("FR"), from("FR")
		mine, theirs := open(t, l, "film", ann), open(t, l, "film", bob)
		file, err := mine.File()
		if err != nil {
			t.Fatal(err)
		}
		ann.change(func(g *guest) { g.left = true })
		at := time.Now()
		<-mine.Done()
		if took := time.Since(at); took > recheck {
			t.Errorf("it took %v", took)
		}
		if n, err := file.Read(make([]byte, 10)); n != 0 || code(err) != CodeLeft {
			t.Errorf("read %d bytes: %v", n, err)
		}
		if _, err := file.Seek(0, io.SeekStart); code(err) != CodeLeft {
			t.Errorf("seek: %v", err)
		}
		if theirs.Err() != nil {
			t.Errorf("the other guest was cut too: %v", theirs.Err())
		}
	})
}

func TestRecheckIsImmediate(t *testing.T) {
	bubble(t, func(t *testing.T, l *Library, s *Shelf) {
		title := open(t, l, "film", from("FR"))
		s.Swap(parse(t, "version: 1\ntitles: [{id: film, title: F, file: film.mp4, regions: {allow: [DE]}}]"))
		at := time.Now()
		l.Recheck()
		<-title.Done()
		if took := time.Since(at); took > 0 || code(title.Err()) != catalog.CodeRegion {
			t.Errorf("after %v: %v", took, title.Err())
		}
	})
}

// hesitant is an origin that says yes, and lets the world change before the answer arrives.
type hesitant struct {
	Origin
	before func()
}

func (h *hesitant) Decide(ctx context.Context, id catalog.TitleID, who Who) (catalog.Decision, error) {
	d, err := h.Origin.Decide(ctx, id, who)
	if before := h.before; before != nil {
		h.before = nil
		before()
	}
	return d, err
}

func TestRuleThatChangesDuringOpen(t *testing.T) {
	bubble(t, func(t *testing.T, l *Library, s *Shelf) {
		ann := from("FR")
		l.origin = &hesitant{s, func() {
			ann.change(func(g *guest) { g.viewer.House = "DE" })
			l.Recheck()
			synctest.Wait()
		}}
		if _, err := l.Open(t.Context(), "film", ann); code(err) != catalog.CodeRegion {
			t.Errorf("opened by a decision that had been overtaken: %v", err)
		}
	})
}

func TestTitleEndsWithItsContext(t *testing.T) {
	l, _, _, _ := shelf(t)
	ctx, stop := context.WithCancel(t.Context())
	title, err := l.Open(ctx, "open", from("FR"))
	if err != nil {
		t.Fatal(err)
	}
	defer title.Close()
	stop()
	if _, err := title.File(); !errors.Is(err, context.Canceled) {
		t.Errorf("file: %v", err)
	}
}

// changing is content during whose reading the permission ends.
type changing struct {
	Content
	during func()
}

func (c *changing) Read(b []byte) (int, error) {
	n, err := c.Content.Read(b)
	c.during()
	return n, err
}

func TestBytesReadWhileRefusedAreNotHandedOut(t *testing.T) {
	l, _, _, _ := shelf(t)
	title := open(t, l, "open", from("FR"))
	file, err := title.File()
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	g := file.(*guardedSender)
	g.Content = &changing{g.Content, func() { title.end(&Refused{Left()}) }}
	b := make([]byte, 100)
	if n, err := g.Read(b); n != 0 || code(err) != CodeLeft || b[0] != 0 {
		t.Errorf("read %d bytes, %q: %v", n, b[:15], err)
	}
}

func TestManyAtOnce(t *testing.T) {
	l, s, _, _ := shelf(t)
	allowed := s.Catalog()
	denied := parse(t, strings.ReplaceAll(locks, "[FR]", "[DE]"))
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var all sync.WaitGroup
	all.Go(func() { l.Run(ctx) })
	var readers sync.WaitGroup
	for range 16 {
		readers.Go(func() {
			for range 200 {
				title, err := l.Open(ctx, "french", from("FR"))
				if err != nil {
					if code(err) != catalog.CodeRegion {
						t.Error(err)
					}
					continue
				}
				file, err := title.File()
				if err == nil {
					b, err := io.ReadAll(file)
					if got := string(b); err != nil && code(err) != catalog.CodeRegion || !strings.HasPrefix("the film french", got) {
						t.Errorf("%q: %v", got, err)
					}
					file.Close()
				}
				title.Close()
			}
		})
	}
	all.Go(func() {
		for range 500 {
			s.Swap(denied)
			l.Recheck()
			s.Swap(allowed)
		}
	})
	readers.Wait()
	stop()
	all.Wait()
	if len(l.open) > 0 {
		t.Errorf("%d titles are still open", len(l.open))
	}
}

func TestRanges(t *testing.T) {
	l, _, _, _ := shelf(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		file, err := open(t, l, "open", from("FR")).File()
		if err != nil {
			t.Error(err)
			return
		}
		defer file.Close()
		w.Header().Set("ETag", file.Info().ETag)
		w.Header().Set("Content-Type", file.Info().ContentType)
		http.ServeContent(w, r, "", file.Info().ModTime, file)
	}))
	defer server.Close()
	for header, want := range map[string]string{"bytes=0-2": "the", "bytes=-4": "open", "bytes=4-7": "film", "": "the film open"} {
		request, _ := http.NewRequestWithContext(t.Context(), "GET", server.URL, nil)
		request.Header.Set("Range", header)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || string(got) != want || answer.Header.Get("Content-Type") != "video/mp4" {
			t.Errorf("%q: %q, %v", header, got, err)
		}
	}
}
