package rendition

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/Eyevinn/mp4ff/mp4"

	"watchparty/media/ffmpeg"
)

// FuzzBoxes: what a child writes that a film has taken over is an error at worst, whoever reads it.
func FuzzBoxes(f *testing.F) {
	f.Add(pieces(f, pictureScale))
	f.Add([]byte("\x00\x00\x00\x10moov\x00\x00\x00\x08trak"))
	f.Add([]byte("\x00\x00\x00\x08moof\x00\x00\x00\x08mdat"))
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) > 1<<16 {
			return
		}
		all := Ladder(ffmpeg.Info{Duration: time.Minute, Streams: []ffmpeg.Stream{{Type: "video", Codec: "mpeg4", Width: 640, Height: 360, FPS: 25}}})
		for _, r := range all {
			encoding(r, 0, func([]byte) error { return nil }, func(int, []byte) error { return nil }).cut(bytes.NewReader(in))
		}
		k := &keys{Marks: []mark{{0, 2}, {2 * copyScale, 2}}, End: 4 * copyScale}
		copying(k, 0, func([]byte) error { return nil }, func(int, []byte) error { return nil }).cut(bytes.NewReader(in))
		x := &splicer{onlyGather: true, place: func() error { return io.EOF }}
		x.splice(bytes.NewReader(in))
		entrance("h264", in, in)
		entrance("hevc", in, in)
	})
}

// pieces is a beginning and a piece of two pictures.
func pieces(f *testing.F, scale uint32) []byte {
	f.Helper()
	head := mp4.CreateEmptyInit()
	head.AddEmptyTrack(scale, "video", "und")
	var b bytes.Buffer
	if err := head.Encode(&b); err != nil {
		f.Fatal(err)
	}
	var two []mp4.FullSample
	for n := range uint64(2) {
		two = append(two, mp4.FullSample{Sample: mp4.Sample{Flags: mp4.SyncSampleFlags, Dur: 3600, Size: 8}, DecodeTime: 900_000 + n*3600, Data: []byte("\x00\x00\x00\x04\x65abc")})
	}
	piece, err := write(0, 1, two)
	if err != nil {
		f.Fatal(err)
	}
	return append(b.Bytes(), piece...)
}
