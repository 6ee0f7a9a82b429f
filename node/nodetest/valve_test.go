package nodetest_test

import (
	"bytes"
	"io/fs"
	"testing"

	"watchparty/media/demo"
	. "watchparty/node/nodetest"
)

// TestValve: through a shut valve no film comes, and all else does.
func TestValve(t *testing.T) {
	h := Host(t)
	ann := h.Guest("Ann")
	v := h.Valve(0)
	film := v.Through(h.URL("/media/t/night-train/file"))
	want, err := fs.ReadFile(demo.Files(), "night-train.mp4")
	if err != nil {
		t.Fatal(err)
	}
	if a := Do(t, "GET", film, ann.Token, nil); a.Status != 200 || !bytes.Equal(a.Body, want) {
		t.Fatalf("through the open valve: %d, %d bytes of %d", a.Status, len(a.Body), len(want))
	}
	v.Shut()
	came := make(chan Answer, 1)
	go func() { came <- Do(t, "GET", film, ann.Token, nil) }()
	for range 50 {
		if a := Do(t, "GET", v.Through(h.URL("/api/party")), ann.Token, nil); a.Status != 200 {
			t.Fatalf("the party through a shut valve: %d", a.Status)
		}
	}
	select {
	case a := <-came:
		t.Errorf("through the shut valve came %d, %d bytes", a.Status, len(a.Body))
	default:
		v.Open()
		if a := <-came; !bytes.Equal(a.Body, want) {
			t.Errorf("opened again: %d, %d bytes of %d", a.Status, len(a.Body), len(want))
		}
	}
}
