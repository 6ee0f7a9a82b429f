package cli

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// makeFilm makes a second of film, or of sound for a name that ends in .flac.
func makeFilm(ts *testscript.TestScript, neg bool, args []string) {
	arg(ts, neg, args, 1, "film NAME…")
	needFFmpeg(ts)
	for _, name := range args {
		at := ts.MkAbs(name)
		ts.Check(os.MkdirAll(filepath.Dir(at), 0o777))
		source := "testsrc=size=64x36:rate=5:duration=1"
		if strings.HasSuffix(name, ".flac") {
			source = "sine=duration=1"
		}
		if said, err := exec.Command("ffmpeg", "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", source, at).CombinedOutput(); err != nil {
			ts.Fatalf("%v: %s", err, said)
		}
	}
}

// needFFmpeg fails in CI, and skips elsewhere, where there is no ffmpeg.
func needFFmpeg(ts *testscript.TestScript) {
	_, err := exec.LookPath("ffmpeg")
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		ts.Fatalf("%s", err)
	default:
		ts.Value(testKey{}).(testscript.T).Skip(err)
	}
}

func TestProgress(t *testing.T) {
	names := []string{"a.mkv", "b\x1b[2J.mkv", "c.mkv"}
	for _, test := range []struct {
		p    progress
		want string
	}{
		{progress{bar: true}, "\r\x1b[K[..............................] 0/3 a.mkv\r\x1b[K[##########....................] 1/3 b[2J.mkv" +
			"\r\x1b[K[####################..........] 2/3 c.mkv\r\x1b[K"},
		{progress{}, "0 of 3: a.mkv\n1 of 3: b[2J.mkv\n2 of 3: c.mkv\n"},
	} {
		var out bytes.Buffer
		test.p.out = io.Writer(&out)
		for i, name := range names {
			test.p.show(i, len(names), name)
		}
		test.p.clear()
		if out.String() != test.want {
			t.Errorf("it says %q, not %q", out.String(), test.want)
		}
	}
}
