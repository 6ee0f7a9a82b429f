package rendition

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A sender is a live source on loopback: a picture that moves, and a tone, as MPEG-TS.
type sender struct {
	testing.TB
	url string
	cmd *exec.Cmd
}

// newSender begins to send; way is such as "udp://127.0.0.1:%d".
func newSender(t *testing.T, way string, args ...string) *sender {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := c.LocalAddr().(*net.UDPAddr).Port
	c.Close()
	s := &sender{TB: t, url: fmt.Sprintf(way, port)}
	s.start(args...)
	t.Cleanup(s.stop)
	return s
}

func (s *sender) start(args ...string) {
	s.Helper()
	if len(args) == 0 {
		args = []string{"-f", "lavfi", "-i", "testsrc2=s=320x180:r=25", "-f", "lavfi", "-i", "sine=440", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac"}
	}
	s.cmd = exec.Command("ffmpeg", append(append([]string{"-nostdin", "-loglevel", "error", "-re"}, args...), "-f", "mpegts", s.url)...)
	if err := s.cmd.Start(); err != nil {
		s.Fatal(err)
	}
}

func (s *sender) stop() {
	if s.cmd != nil {
		s.cmd.Process.Kill()
		s.cmd.Wait()
		s.cmd = nil
	}
}

// live reads a part of what is live.
func live(t *testing.T, s *Studio, b Broadcast, name string) ([]byte, string) {
	t.Helper()
	p, err := s.OpenLive(t.Context(), b, name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer p.Close()
	all, err := io.ReadAll(p)
	if err != nil || int64(len(all)) != p.Size {
		t.Fatalf("%s: %d of %d bytes, %v", name, len(all), p.Size, err)
	}
	return all, p.Tag
}

// TestLive: a recording has a place for every moment. It is dark until the source gives, goes on
// without a seam, and is dark again where the source fell silent; two who watch share one child.
func TestLive(t *testing.T) {
	s := studio(t, 1<<30)
	from := newSender(t, "udp://127.0.0.1:%d")
	b := Broadcast{Key: "one", URL: from.url}
	begun := time.Now()
	init, _ := live(t, s, b, "live/init.mp4")
	pieces, given := [][]byte{init}, map[int]bool{}
	n := 0
	more := func(until func() bool, what string) {
		t.Helper()
		for end := n + 20; !until(); n++ {
			if n == end {
				t.Fatalf("never came: %s (%v)", what, given)
			}
			piece, tag := live(t, s, b, fmt.Sprintf("live/%d.m4s", n))
			again, tagAgain := live(t, s, b, fmt.Sprintf("live/%d.m4s", n))
			if string(piece) != string(again) || tag != tagAgain {
				t.Errorf("piece %d is not the same for two", n)
			}
			pieces, given[n] = append(pieces, piece), !strings.HasPrefix(tag, "dark-")
		}
	}
	more(func() bool { return given[n-1] }, "the source")
	if given[0] {
		t.Error("there were pictures before the source was reached")
	}
	if e, ok := s.Edge(b, false); !ok || e.State != OnAir || e.From <= 0 || e.Zero.Before(begun.Add(-time.Second)) {
		t.Errorf("the edge is %+v, %v", e, ok)
	}
	if s.Started() != 1 {
		t.Errorf("%d children", s.Started())
	}
	from.stop()
	more(func() bool { return !given[n-1] }, "the dark")
	if late := time.Since(begun) - time.Duration(n)*slot; late < -slot-early || late > slot {
		t.Errorf("after %d pieces the clock is %v ahead", n, late)
	}
	checkSeams(t, pieces)
}

// checkSeams wants every piece to begin with its slot, and pictures and sounds without a hole
// or an overlap of more than a frame.
func checkSeams(t *testing.T, pieces [][]byte) {
	t.Helper()
	for kind, frame := range map[string]float64{"v": 1.0 / 25, "a": 1024.0 / 48000} {
		at := 0.0
		for i, row := range entries(t, "packet=pts_time,duration_time,codec_type", pieces...) {
			var pts, long float64
			if row[0][:1] != kind {
				continue
			}
			fmt.Sscan(row[1], &pts)
			fmt.Sscan(row[2], &long)
			if off := pts - at; off > frame+0.001 || off < -frame-0.001 {
				t.Fatalf("%s: packet %d at %f, where %f is due", kind, i, pts, at)
			}
			at = pts + frame
		}
		if at < float64(len(pieces)-1)*slot.Seconds()-0.05 {
			t.Errorf("%s ends at %f", kind, at)
		}
	}
	path := filepath.Join(t.TempDir(), "all.mp4")
	var all []byte
	for _, p := range pieces {
		all = append(all, p...)
	}
	if err := os.WriteFile(path, all, 0o600); err != nil {
		t.Fatal(err)
	}
	if said, err := exec.Command("ffmpeg", "-nostdin", "-v", "error", "-xerror", "-i", path, "-f", "null", "-").CombinedOutput(); err != nil || len(said) > 0 {
		t.Errorf("it is not sound: %v %s", err, said)
	}
}
