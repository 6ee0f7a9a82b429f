//go:build long

package rendition

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// moving is what the sources here give: a picture that moves, and a tone.
var moving = []string{"-nostdin", "-loglevel", "error", "-re", "-f", "lavfi", "-i", "testsrc2=s=320x180:r=25", "-f", "lavfi", "-i", "sine=440:r=48000",
	"-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-pix_fmt", "yuv420p", "-g", "25", "-c:a", "aac"}

// sending runs ffmpeg as a source until the test ends.
func sending(t *testing.T, args ...string) {
	t.Helper()
	cmd := exec.Command("ffmpeg", append(append([]string{}, moving...), args...)...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
}

// freePort is a port of UDP on which nobody listens.
func freePort(t *testing.T) int {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).Port
}

// TestSources: what comes by HLS, SRT and RTSP is recorded as what comes by UDP is: three pieces on end, well
// made; and a camera that asks for a password gets the one in the address.
func TestSources(t *testing.T) {
	needFFmpeg(t)
	for name, source := range map[string]func(*testing.T) string{"hls": overHLS, "srt": overSRT, "rtsp": overRTSP} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := studio(t, 1<<30)
			b := Broadcast{Key: name, URL: source(t)}
			init, _ := live(t, s, b, "live/init.mp4")
			pieces := [][]byte{init}
			row := 0
			for n := 0; row < 3; n++ {
				if n == 20 {
					t.Fatal("the source never came")
				}
				piece, tag := live(t, s, b, fmt.Sprintf("live/%d.m4s", n))
				pieces = append(pieces, piece)
				if row++; strings.HasPrefix(tag, "dark-") {
					row = 0
				}
			}
			checkSeams(t, pieces)
		})
	}
}

// overHLS serves a playlist that goes on.
func overHLS(t *testing.T) string {
	dir := t.TempDir()
	sending(t, "-f", "hls", "-hls_time", "2", "-hls_list_size", "4", "-hls_flags", "delete_segments", filepath.Join(dir, "live.m3u8"))
	web := httptest.NewServer(http.FileServer(http.Dir(dir)))
	t.Cleanup(web.Close)
	return web.URL + "/live.m3u8"
}

// overSRT sends to who calls.
func overSRT(t *testing.T) string {
	url := fmt.Sprintf("srt://127.0.0.1:%d", freePort(t))
	sending(t, "-f", "mpegts", url+"?mode=listener")
	return url + "?mode=caller&latency=200000"
}

// overRTSP is a camera with a password: what ffmpeg sends by RTP, within one RTSP connection (RFC 2326, 10.12).
func overRTSP(t *testing.T) string {
	var tracks []net.PacketConn
	sdp := filepath.Join(t.TempDir(), "camera.sdp")
	for range 2 {
		c, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		tracks = append(tracks, c)
	}
	port := func(i int) int { return tracks[i].LocalAddr().(*net.UDPAddr).Port }
	sending(t, "-map", "0", "-f", "rtp", "-sdp_file", sdp, fmt.Sprintf("rtp://127.0.0.1:%d", port(0)), "-map", "1", "-c:a", "aac", "-f", "rtp", fmt.Sprintf("rtp://127.0.0.1:%d", port(1)))
	camera, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { camera.Close() })
	go func() {
		for {
			c, err := camera.Accept()
			if err != nil {
				return
			}
			go rtsp(c, sdp, tracks)
		}
	}()
	return fmt.Sprintf("rtsp://ana:secret@%s/stream", camera.Addr())
}

// rtsp answers one connection.
func rtsp(c net.Conn, sdp string, tracks []net.PacketConn) {
	defer c.Close()
	in := textproto.NewReader(bufio.NewReader(c))
	for {
		line, err := in.ReadLine()
		if err != nil {
			return
		}
		h, err := in.ReadMIMEHeader()
		if err != nil {
			return
		}
		method, _, _ := strings.Cut(line, " ")
		answer := func(more, body string) {
			fmt.Fprintf(c, "RTSP/1.0 200 OK\r\nCSeq: %s\r\nSession: 1\r\n%sContent-Length: %d\r\n\r\n%s", h.Get("CSeq"), more, len(body), body)
		}
		if method != "OPTIONS" && h.Get("Authorization") != "Basic YW5hOnNlY3JldA==" {
			fmt.Fprintf(c, "RTSP/1.0 401 Unauthorized\r\nCSeq: %s\r\nWWW-Authenticate: Basic realm=\"camera\"\r\nContent-Length: 0\r\n\r\n", h.Get("CSeq"))
			continue
		}
		switch method {
		case "OPTIONS":
			answer("Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n", "")
		case "DESCRIBE":
			var text string
			for end := time.Now().Add(20 * time.Second); !strings.Contains(text, "config=") && time.Now().Before(end); runtime.Gosched() {
				b, _ := os.ReadFile(sdp) // it comes when the first packets do
				text = string(b)
			}
			if !strings.Contains(text, "config=") {
				return
			}
			for i, kind := range []string{"m=video", "m=audio"} {
				at := strings.Index(text, kind)
				end := at + strings.IndexByte(text[at:], '\n')
				text = text[:end+1] + fmt.Sprintf("a=control:track%d\r\n", i) + text[end+1:]
			}
			answer("Content-Type: application/sdp\r\n", text)
		case "SETUP":
			answer("Transport: "+h.Get("Transport")+"\r\n", "")
		case "PLAY":
			answer("", "")
			for i, track := range tracks {
				go interleave(c, byte(2*i), track)
			}
		case "TEARDOWN":
			answer("", "")
			return
		default:
			answer("", "")
		}
	}
}

// interleave sends what comes as packets.
func interleave(c io.Writer, channel byte, from net.PacketConn) {
	b := make([]byte, 4+1500)
	for {
		n, _, err := from.ReadFrom(b[4:])
		if err != nil {
			return
		}
		b[0], b[1], b[2], b[3] = '$', channel, byte(n>>8), byte(n)
		if _, err := c.Write(b[:4+n]); err != nil {
			return
		}
	}
}
