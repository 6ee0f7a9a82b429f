package media

import (
	"bytes"
	"io"
	"path/filepath"
	"testing"

	"watchparty/media/catalog"
)

// TestSend: what is sent without being read is what would be read, from where the reader
// stands, and asks for permission like it.
func TestSend(t *testing.T) {
	l, s, _, dir := shelf(t)
	title := open(t, l, "open", from("FR"))
	film, err := title.File()
	if err != nil {
		t.Fatal(err)
	}
	defer film.Close()
	if _, err := film.Seek(4, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if n, err := film.(Sender).Send(&got, 4); n != 4 || err != nil || got.String() != "film" {
		t.Errorf("sent %q: %v", got.String(), err)
	}
	if n, err := film.(Sender).Send(&got, 100); n != 5 || err != io.EOF || got.String() != "film open" {
		t.Errorf("sent %q: %v", got.String(), err)
	}

	film.Seek(0, io.SeekStart)
	got.Reset()
	write(t, filepath.Join(dir, "open.mp4"), "another film altogether")
	if n, err := film.(Sender).Send(&got, 4); n != 0 || err == nil {
		t.Errorf("sent %q of a file that was changed", got.String())
	}

	other := open(t, l, "french", from("FR"))
	film, err = other.File()
	if err != nil {
		t.Fatal(err)
	}
	defer film.Close()
	s.Swap(parse(t, "version: 1\ntitles: [{id: french, title: French, file: french.mp4, regions: {allow: [DE]}}]"))
	go l.Run(t.Context())
	<-other.Done()
	if n, err := film.(Sender).Send(&got, 4); n != 0 || code(err) != catalog.CodeRegion {
		t.Errorf("sent %q after the rule had changed: %v", got.String(), err)
	}
}
