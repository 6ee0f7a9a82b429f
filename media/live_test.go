package media

import (
	"errors"
	"testing"
	"time"

	"watchparty/media/rendition"
)

const oneLive = `version: 1
titles:
  - {id: match, title: The Match, kind: sport, source: "http://127.0.0.1:9/none.m3u8", regions: {allow: [FR]}}
`

// TestLiveTitles: who may not watch what is live starts nothing and gets nothing; who may learns
// where it stands.
func TestLiveTitles(t *testing.T) {
	studio, dir := needStudio(t)
	shelf := NewShelf(folder(t, dir), parse(t, oneLive))
	shelf.UseStudio(studio)
	l := NewLibrary(shelf)
	var refused *Refused
	if _, err := l.Open(t.Context(), "match", from("DE")); !errors.As(err, &refused) {
		t.Errorf("locked out, and got %v", err)
	}
	list, err := l.Titles(t.Context(), from("DE"), "en")
	if err != nil || len(list) != 1 || list[0].Live != nil || list[0].Play != nil {
		t.Errorf("locked out, and told %+v, %v", list, err)
	}
	if studio.Started() != 0 {
		t.Error("a child was started for nobody")
	}
	list, err = l.Titles(t.Context(), from("FR"), "en")
	if err != nil || list[0].Live == nil || list[0].Live.Zero != 0 || list[0].Play == nil || !list[0].Play.HLS || list[0].Offline {
		t.Errorf("before anybody watched it is listed as %+v, %v", list, err)
	}
	now := time.Now()
	if from, edge, ok := shelf.Live("match", now); !ok || from != 0 || edge > time.Second {
		t.Errorf("it begins at %v, %v, %v", from, edge, ok)
	}
	if _, edge, ok := shelf.Live("match", now.Add(time.Hour)); !ok || edge.Round(time.Second) != time.Hour || shelf.Length("match") != rendition.Longest {
		t.Errorf("an hour later the edge is %v", edge)
	}
	title, err := l.Open(t.Context(), "match", from("FR"))
	if err != nil {
		t.Fatal(err)
	}
	defer title.Close()
	c, err := title.Stream("live/0.m4s")
	if err != nil || c.Info().Size < 1000 || c.Info().ContentType != "video/mp4" {
		t.Fatalf("the first piece: %v", err)
	}
	c.Close()
	list, err = l.Titles(t.Context(), from("FR"), "en")
	if err != nil || list[0].Live.Zero == 0 || list[0].Live.State != rendition.Opening {
		t.Errorf("while it is watched it is listed as %+v, %v", list[0].Live, err)
	}
	if _, err := title.File(); err == nil {
		t.Error("what is live has a file")
	}
}
