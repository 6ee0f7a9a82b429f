package rendition

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// hollow is an ffmpeg with a hardware encoder that passes its test and then fails in every film.
const hollow = `#!/bin/sh
real=%
case "$*" in
*-encoders*) "$real" "$@"; echo " V....D h264_vaapi           H.264 by nobody" ;;
*h264_vaapi*/dev/fd*|*h264_vaapi*/proc/self/fd*|*/proc/self/fd*h264_vaapi*|*/dev/fd*h264_vaapi*) echo "Failed to create a context" >&2; exit 1 ;;
*h264_vaapi*) exit 0 ;;
*) exec "$real" "$@" ;;
esac
`

// A hardware encoder that fails in a film is left alone, and the film is converted all the same; one
// that fails where software fails too is not to blame.
func TestHardwareFails(t *testing.T) {
	needFFmpeg(t)
	real, err := exec.LookPath("ffmpeg")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "ffmpeg"), []byte(strings.Replace(hollow, "%", real, 1)), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	s := studio(t, 1<<30)
	<-s.ready
	if s.coder() != "h264_vaapi" {
		t.Fatalf("the encoder is %s", s.coder())
	}
	if _, err := s.Open(t.Context(), source("cut.mp4"), "720/70.m4s"); err == nil || s.coder() != "h264_vaapi" {
		t.Errorf("a film that is broken: %v, and then the encoder is %s", err, s.coder())
	}
	if b := get(t, s, "old.avi", "720/1.m4s"); len(b) == 0 || s.coder() != software {
		t.Errorf("%d bytes, and then the encoder is %s", len(b), s.coder())
	}
	before := s.Started()
	if b := get(t, s, "tv.ts", "720/0.m4s"); len(b) == 0 || s.Started() != before+2 { // picture and sound
		t.Errorf("%d bytes by %d children", len(b), s.Started()-before)
	}
}
