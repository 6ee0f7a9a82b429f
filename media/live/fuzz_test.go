package live

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
)

// FuzzPipe: what comes over the pipe from the stage's child, which may have been taken over, is bounded and read as it was written.
func FuzzPipe(f *testing.F) {
	f.Add(AppendPacket(nil, Packet{Face: "ana", Video: true, RTP: make([]byte, 40)}))
	f.Add(binary.BigEndian.AppendUint32(nil, 3))
	f.Add([]byte("\x00\x00\x00\x02\x01{}\xff\xff\xff\xff\x00"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if p, err := ParsePacket(in); err == nil {
			if len(p.RTP) > MaxPacket || len(p.Face) > 255 {
				t.Fatalf("a packet of %d bytes, of %q", len(p.RTP), p.Face)
			}
			if again, err := ParsePacket(AppendPacket(nil, p)); err != nil || again.Face != p.Face || again.Video != p.Video || again.Whole != p.Whole || again.Size != p.Size || !bytes.Equal(again.RTP, p.RTP) {
				t.Fatalf("%+v was read as %+v: %v", p, again, err)
			}
		}
		read := 0
		frames(bytes.NewReader(in), func(_ byte, body []byte) error {
			read += 5 + len(body)
			return nil
		})
		if read > len(in) {
			t.Fatalf("%d bytes of %d", read, len(in))
		}
	})
}

// FuzzOffer: a description that is taken names no address, and is taken again.
func FuzzOffer(f *testing.F) {
	f.Add("v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=candidate:1 1 udp 1 10.0.0.1 9 typ host\r\na=rtpmap:96 VP8/90000\r\n")
	f.Add("v=0\r\ns=-\r\nm=audio 0 x 0\r\n")
	f.Add("v=0\r\na=candidate\r\n")
	f.Fuzz(func(t *testing.T, offer string) {
		text, err := clean(offer)
		if err != nil {
			return
		}
		for line := range strings.SplitSeq(text, "\r\n") {
			if key, _, _ := strings.Cut(line, ":"); key == "a=candidate" || key == "a=remote-candidates" {
				t.Fatalf("%q became %q", offer, text)
			}
		}
		if again, err := clean(text); err != nil && len(text) <= maxSDP || err == nil && again != text {
			t.Fatalf("%q became %q, and %q: %v", offer, text, again, err)
		}
	})
}
