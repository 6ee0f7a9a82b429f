package rendition

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/Eyevinn/mp4ff/mp4"
)

const (
	// lead is added to all of ffmpeg's times, in seconds, so that none is below zero.
	lead = 10
	// maxBox bounds a piece of what ffmpeg writes, in bytes: half a second of film.
	maxBox = 64 << 20
)

// notSync marks a picture that needs others (ISO/IEC 14496-12, 8.8.3.1).
const notSync = 0x00010000

// errShort is a film that ended before the segment that was wanted.
var errShort = errors.New("the film ends before its length")

// A cutter reads what a child writes and cuts it into segments. It writes the times itself:
// frame k of a rendition is at k steps, whichever child made it, so segments join exactly.
type cutter struct {
	r       Rendition
	n       int   // the segment that is being gathered
	frame   int64 // the number of the frame that comes next
	begun   bool
	from    reader
	samples []mp4.FullSample
	segment func(n int, b []byte) error
}

// A reader takes what a child writes apart.
type reader struct {
	scale  int64  // ticks a second
	head   []byte // ftyp and moov
	trex   *mp4.TrexBox
	moof   *mp4.MoofBox
	init   func([]byte) error
	sample func(mp4.FullSample) error
}

// encoding makes one that begins with segment n.
func encoding(r Rendition, n int, init func([]byte) error, segment func(int, []byte) error) *cutter {
	c := &cutter{r: r, n: n, segment: segment}
	c.from = reader{scale: r.scale, init: init, sample: c.add}
	return c
}

// cut reads to the end of from, or of the film.
func (c *cutter) cut(from io.Reader) error {
	c.frame = c.r.first(c.n)
	for c.n < c.r.Segments() {
		err := c.from.next(from)
		if err == io.EOF {
			return c.short()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// short keeps what there is of a last segment that the film does not fill.
func (c *cutter) short() error {
	if len(c.samples) == 0 || c.n < c.r.Segments()-1 {
		return errShort
	}
	return c.finish()
}

// readBox reads one box, header and all.
func readBox(from io.Reader) ([]byte, error) {
	var head [8]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint32(head[:4])
	if size < 8 || size > maxBox {
		return nil, fmt.Errorf("a box of %d bytes", size)
	}
	box := make([]byte, size)
	copy(box, head[:])
	if _, err := io.ReadFull(from, box[8:]); err != nil {
		return nil, fmt.Errorf("read a box: %w", err)
	}
	return box, nil
}

// next reads one box and gives its samples. At the end the error is io.EOF.
func (r *reader) next(from io.Reader) error {
	box, err := readBox(from)
	if err != nil {
		return err
	}
	return r.take(box)
}

func (r *reader) take(raw []byte) error {
	kind := string(raw[4:8])
	if kind != "ftyp" && kind != "moov" && kind != "moof" && kind != "mdat" {
		return nil
	}
	at := uint64(0)
	if kind == "mdat" && r.moof != nil {
		at = r.moof.Size() // where samples are is told from the beginning of their description
	}
	box, err := decodeBox(at, raw)
	if err != nil {
		return fmt.Errorf("read %s: %w", kind, err)
	}
	switch box := box.(type) {
	case *mp4.FtypBox:
		r.head = raw
	case *mp4.MoovBox:
		if box.Trak == nil || box.Trak.Mdia == nil || box.Trak.Mdia.Mdhd == nil || box.Mvex == nil || box.Mvex.Trex == nil || int64(box.Trak.Mdia.Mdhd.Timescale) != r.scale {
			return errors.New("not the track that was asked for")
		}
		r.trex = box.Mvex.Trex
		return r.init(append(r.head, raw...))
	case *mp4.MoofBox:
		r.moof = box
	case *mp4.MdatBox:
		if r.moof == nil || r.trex == nil {
			return errors.New("samples without a description")
		}
		f := mp4.NewFragment()
		f.AddChild(r.moof)
		f.AddChild(box)
		samples, err := samplesOf(f, r.trex)
		if err != nil {
			return fmt.Errorf("read samples: %w", err)
		}
		for _, s := range samples {
			if err := r.sample(s); err != nil {
				return err
			}
		}
	}
	return nil
}

// add gives a sample its number, and ends the segment when it was the last of it.
func (c *cutter) add(s mp4.FullSample) error {
	if c.n >= c.r.Segments() {
		return nil
	}
	ticks := s.PresentationTime() - lead*c.r.scale
	shown := ticks / c.r.step
	if !c.begun {
		if ticks < 0 || shown < c.frame {
			return nil // what an encoder needs before the beginning
		}
		c.begun = true
	}
	if shown != c.frame {
		return fmt.Errorf("frame %d comes in the place of frame %d", shown, c.frame)
	}
	if len(c.samples) == 0 && c.r.video() && s.Flags&notSync != 0 {
		return fmt.Errorf("segment %d does not begin with a picture of its own", c.n)
	}
	s.DecodeTime, s.CompositionTimeOffset, s.Dur = uint64(c.frame*c.r.step), 0, uint32(c.r.step)
	s.Flags = mp4.NonSyncSampleFlags
	if len(c.samples) == 0 || !c.r.video() {
		s.Flags = mp4.SyncSampleFlags
	}
	c.samples = append(c.samples, s)
	c.frame++
	if c.frame == c.r.first(c.n+1) {
		return c.finish()
	}
	return nil
}

func (c *cutter) finish() error {
	b, err := write(c.n, c.from.trex.TrackID, c.samples)
	if err != nil {
		return err
	}
	n := c.n
	c.n, c.samples = c.n+1, nil
	return c.segment(n, b)
}

// write makes segment n of samples whose times are right.
func write(n int, track uint32, samples []mp4.FullSample) ([]byte, error) {
	f, err := mp4.CreateFragment(uint32(n+1), track)
	if err != nil {
		return nil, err
	}
	for _, s := range samples {
		f.AddFullSample(s)
	}
	s := mp4.NewMediaSegment()
	s.AddFragment(f)
	var b bytes.Buffer
	if err := s.Encode(&b); err != nil {
		return nil, fmt.Errorf("write segment: %w", err)
	}
	return b.Bytes(), nil
}
