package rendition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/Eyevinn/mp4ff/mp4"

	"watchparty/media/ffmpeg"
)

const (
	liveWidth, liveHeight = 1280, 720
	// pictureScale and soundScale are ticks a second; a frame of sound lasts soundStep of them.
	pictureScale, soundScale, soundStep = 90000, 48000, 1024
	pictureSlot                         = pictureScale * int64(slot/1e9)
	soundSlot                           = soundScale * int64(slot/1e9)
	pictureTrack, soundTrack            = 1, 2
)

// liveArguments are what a child writes. Size, shape and all that decoders are told at the
// beginning are the same whatever the source is, so that one beginning serves for all children, and
// for the darkness between them.
func liveArguments(p *ffmpeg.Program, encoder string) []string {
	rung := rungs["720"]
	rate := strconv.Itoa(rung.rate)
	size := fmt.Sprintf("%d:%d", liveWidth, liveHeight)
	out := append(device(encoder), "-map", "0:v:0?", "-map", "0:a:0?", "-map_metadata", "-1", "-map_chapters", "-1",
		"-vf", "yadif=deint=interlaced,scale='trunc(iw*sar/2)*2':ih,scale="+size+":force_original_aspect_ratio=decrease,pad="+size+":-1:-1,setsar=1,"+
			"fps=fps='if(between(source_fps,5,60),source_fps,25)':start_time=0,format=yuv420p"+upload(encoder),
		"-fps_mode", "passthrough", "-video_track_timescale", strconv.Itoa(pictureScale), "-c:v", encoder, "-profile:v", rung.profile, "-g", "1000", "-bf", "0",
		"-force_key_frames", fmt.Sprintf("expr:gte(t,n_forced*%d)", int64(slot/1e9)))
	if encoder == software {
		out = append(out, "-preset", "veryfast", "-crf", "23", "-maxrate", rate, "-bufsize", rate, "-level:v", rung.level, "-sc_threshold", "0",
			"-forced-idr", "1", "-flags:v", "+cgop+bitexact")
	} else {
		out = append(out, "-b:v", rate)
	}
	return append(out, "-bsf:v", "h264_metadata=tick_rate=120:fixed_frame_rate_flag=0:sample_aspect_ratio=1:video_format=5:colour_primaries=1:"+
		"transfer_characteristics=1:matrix_coefficients=1:video_full_range_flag=0:chroma_sample_loc_type=0,dump_extra=freq=keyframe",
		"-af", "aresample=async=1:first_pts=0,aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo", "-c:a", "aac", "-b:a", strconv.Itoa(audioRate),
		"-fflags", "+bitexact", "-flags", "+bitexact", "-use_editlist", "0", "-avoid_negative_ts", "disabled", "-output_ts_offset", strconv.Itoa(lead),
		"-movflags", "+frag_keyframe+empty_moov+default_base_moof+frag_discont", "-frag_duration", "500000", "-f", "mp4", "pipe:1")
}

// A splicer reads what a child writes and cuts it into pieces of a slot's length, each of which
// begins with a whole picture and has its sound. Times are ticks since the child began.
type splicer struct {
	dark  *dark
	place func() error // is told of each piece; [splicer.piece] gives it

	head           []byte // ftyp and moov
	pictures       []mp4.FullSample
	sounds         []mp4.FullSample // of the piece, and those that came early
	k              int64            // number of the piece that is gathered
	ends           int64            // where its last picture ends, once that is known
	picture, sound *mp4.TrexBox     // nil: the source has none
	moof           *mp4.MoofBox
	onlyGather     bool // darkness is gathered whole
}

// splice reads to the end.
func (x *splicer) splice(from io.Reader) error {
	for {
		raw, err := readBox(from)
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = x.take(raw)
		}
		if err != nil {
			return err
		}
	}
}

func (x *splicer) take(raw []byte) error {
	kind, at := string(raw[4:8]), uint64(0)
	if kind != "ftyp" && kind != "moov" && kind != "moof" && kind != "mdat" {
		return nil
	}
	if kind == "mdat" && x.moof != nil {
		at = x.moof.Size() // where samples are is told from the beginning of their description
	}
	box, err := decodeBox(at, raw)
	if err != nil {
		return fmt.Errorf("read %s: %w", kind, err)
	}
	switch box := box.(type) {
	case *mp4.FtypBox:
		x.head = raw
	case *mp4.MoovBox:
		x.head = append(x.head, raw...)
		return x.tracks(box)
	case *mp4.MoofBox:
		x.moof = box
	case *mp4.MdatBox:
		if x.moof == nil || x.picture == nil && x.sound == nil {
			return errors.New("samples without a description")
		}
		f := mp4.NewFragment()
		f.AddChild(x.moof)
		f.AddChild(box)
		return x.add(f)
	}
	return nil
}

// tracks finds the picture and the sound.
func (x *splicer) tracks(moov *mp4.MoovBox) error {
	if moov.Mvex == nil {
		return errors.New("no fragments")
	}
	for _, trak := range moov.Traks {
		for _, trex := range moov.Mvex.Trexs {
			if trak.Tkhd == nil || trex.TrackID != trak.Tkhd.TrackID {
				continue
			}
			if trak.Mdia == nil || trak.Mdia.Mdhd == nil || trak.Mdia.Hdlr == nil {
				return errors.New("a track without a kind")
			}
			scale := trak.Mdia.Mdhd.Timescale
			switch {
			case trak.Mdia.Hdlr.HandlerType == "vide" && scale == pictureScale:
				x.picture = trex
			case trak.Mdia.Hdlr.HandlerType == "soun" && scale == soundScale:
				x.sound = trex
			default:
				return errors.New("not the tracks that were asked for")
			}
		}
	}
	return nil
}

// add takes a fragment in, sounds first: those of a piece are there when its last picture is.
func (x *splicer) add(f *mp4.Fragment) error {
	if x.sound != nil {
		all, err := samplesOf(f, x.sound)
		if err != nil {
			return fmt.Errorf("read sounds: %w", err)
		}
		for _, s := range all {
			at := s.PresentationTime() - lead*soundScale
			if at < 0 || at < x.k*soundSlot {
				continue // what an encoder needs before the beginning, or is of a piece that has gone
			}
			s.DecodeTime, s.CompositionTimeOffset = uint64(at), 0
			x.sounds = append(x.sounds, s)
			if x.picture == nil && at >= (x.k+1)*soundSlot {
				if err := x.finish(); err != nil {
					return err
				}
			}
		}
	}
	if x.picture == nil {
		return nil
	}
	all, err := samplesOf(f, x.picture)
	if err != nil {
		return fmt.Errorf("read pictures: %w", err)
	}
	for _, s := range all {
		if err := x.addPicture(s); err != nil {
			return err
		}
	}
	return nil
}

func (x *splicer) addPicture(s mp4.FullSample) error {
	at := s.PresentationTime() - lead*pictureScale
	whole := s.Flags&notSync == 0
	if at < 0 || len(x.pictures) == 0 && !whole {
		return nil
	}
	if whole && at >= (x.k+1)*pictureSlot && !x.onlyGather {
		x.ends = at
		if len(x.pictures) > 0 {
			if err := x.finish(); err != nil {
				return err
			}
		}
		x.k = at / pictureSlot
	}
	s.DecodeTime, s.CompositionTimeOffset = uint64(at), 0
	x.pictures = append(x.pictures, s)
	return nil
}

// finish gives the piece that was gathered away, and begins the next.
func (x *splicer) finish() error {
	if x.onlyGather {
		return nil
	}
	if err := x.place(); err != nil {
		return err
	}
	x.k++
	x.pictures = nil
	for len(x.sounds) > 0 && int64(x.sounds[0].DecodeTime) < x.k*soundSlot {
		x.sounds = x.sounds[1:]
	}
	return nil
}

// piece is the piece that was gathered, as it is in slot n.
func (x *splicer) piece(n int) ([]byte, error) {
	pictures := x.dark.at(n)
	if x.picture != nil {
		shift := (int64(n) - x.k) * pictureSlot
		pictures = make([]mp4.FullSample, len(x.pictures))
		for i, s := range x.pictures {
			end := x.ends
			if i+1 < len(x.pictures) {
				end = int64(x.pictures[i+1].DecodeTime)
			}
			s.Dur, s.Flags = uint32(end-int64(s.DecodeTime)), mp4.NonSyncSampleFlags
			if i == 0 {
				s.Flags = mp4.SyncSampleFlags
			}
			s.DecodeTime = uint64(int64(s.DecodeTime) + shift)
			pictures[i] = s
		}
	}
	return pieceOf(n, pictures, x.heard(n))
}

// heard are the sounds of the piece, as they are in slot n, and silence where there are none.
func (x *splicer) heard(n int) []mp4.FullSample {
	var all []mp4.FullSample
	at, end := int64(n)*soundSlot, int64(n+1)*soundSlot
	silence := func(until int64) {
		for ; at+soundStep/2 <= until; at += soundStep {
			all = append(all, x.dark.silence(at))
		}
	}
	for _, s := range x.sounds {
		t := int64(s.DecodeTime)
		if t >= (x.k+1)*soundSlot {
			break
		}
		t += (int64(n) - x.k) * soundSlot
		silence(t - soundStep/2)
		s.DecodeTime, s.Dur, s.Flags = uint64(t), soundStep, mp4.SyncSampleFlags
		all = append(all, s)
		at = t + soundStep
	}
	silence(end - soundStep/2)
	return all
}

// pieceOf writes a segment of pictures and sounds.
func pieceOf(n int, pictures, sounds []mp4.FullSample) ([]byte, error) {
	f, err := mp4.CreateMultiTrackFragment(uint32(n+1), []uint32{pictureTrack, soundTrack})
	if err != nil {
		return nil, err
	}
	for _, s := range pictures {
		if err := f.AddFullSampleToTrack(s, pictureTrack); err != nil {
			return nil, err
		}
	}
	for _, s := range sounds {
		if err := f.AddFullSampleToTrack(s, soundTrack); err != nil {
			return nil, err
		}
	}
	m := mp4.NewMediaSegment()
	m.AddFragment(f)
	var b bytes.Buffer
	if err := m.Encode(&b); err != nil {
		return nil, fmt.Errorf("write segment: %w", err)
	}
	return b.Bytes(), nil
}

// dark is what is shown where a source gave nothing: a slot without light and sound, and how
// every slot begins.
type dark struct {
	init     []byte
	pictures []mp4.FullSample // times from 0
	hush     mp4.FullSample
}

// darkness draws the dark, once.
func (s *Studio) darkness(ctx context.Context) (*dark, error) {
	select {
	case <-s.ready:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	s.air.mu.Lock()
	defer s.air.mu.Unlock() // who comes meanwhile needs it too
	if s.air.dark != nil {
		return s.air.dark, nil
	}
	child, err := s.Program.Draw(fmt.Sprintf("color=black:s=%dx%d:r=25:d=%d[out0];anullsrc=r=48000:cl=stereo:d=%d[out1]", liveWidth, liveHeight,
		int64(slot/1e9), int64(slot/1e9)), liveArguments(s.Program, s.coder()))
	if err != nil {
		return nil, err
	}
	defer child.End()
	x := &splicer{onlyGather: true}
	if err := x.splice(child); err != nil {
		return nil, fmt.Errorf("draw the dark: %w", err)
	}
	if x.picture == nil || x.picture.TrackID != pictureTrack || x.sound == nil || x.sound.TrackID != soundTrack || len(x.pictures) == 0 || len(x.sounds) < 20 {
		return nil, errors.New("draw the dark: it lacks pictures or sound")
	}
	s.air.dark = &dark{init: x.head, pictures: x.pictures, hush: x.sounds[10]}
	return s.air.dark, nil
}

// at are the pictures of slot n.
func (d *dark) at(n int) []mp4.FullSample {
	all := make([]mp4.FullSample, len(d.pictures))
	for i, s := range d.pictures {
		end := pictureSlot
		if i+1 < len(d.pictures) {
			end = int64(d.pictures[i+1].DecodeTime)
		}
		s.Dur, s.Flags = uint32(end-int64(s.DecodeTime)), mp4.NonSyncSampleFlags
		if i == 0 {
			s.Flags = mp4.SyncSampleFlags
		}
		s.DecodeTime += uint64(int64(n) * pictureSlot)
		all[i] = s
	}
	return all
}

// silence is a frame of sound at a time, in ticks.
func (d *dark) silence(at int64) mp4.FullSample {
	s := d.hush
	s.DecodeTime, s.Dur, s.Flags = uint64(at), soundStep, mp4.SyncSampleFlags
	return s
}

// piece is slot n, dark. Its sounds are where those of its neighbours would be, were they dark.
func (d *dark) piece(n int) ([]byte, error) {
	var sounds []mp4.FullSample
	for at := (int64(n)*soundSlot + soundStep - 1) / soundStep * soundStep; at < int64(n+1)*soundSlot; at += soundStep {
		sounds = append(sounds, d.silence(at))
	}
	return pieceOf(n, d.at(n), sounds)
}
