package rendition

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/Eyevinn/mp4ff/mp4"

	"watchparty/media/ffmpeg"
)

const (
	// longest is how long a segment of a copied picture may be, and heaviest how many bytes: it is
	// put together in memory.
	longest, heaviest = 20 * time.Second, 96 << 20
	// willWait is how long a main playlist waits for the key frames, before it does without.
	willWait = 5 * time.Second
	// searchTime is how long the search through a file may take.
	searchTime = 20 * time.Minute
	// maxFrames bounds a film: twelve hours at 60 pictures a second.
	maxFrames = 12 * 3600 * 60
)

// keys are the key frames at which the segments of a copied picture begin. Times are in ticks
// of copyScale from the film's beginning.
type keys struct {
	Why   string // why the picture is not copied; empty: it is
	First int64  // when the first picture is shown; it may be a little after the beginning
	Marks []mark // the segments
	End   int64  // where the last ends
	Rate  int    // bits per second of the segment that has most
}

// A mark is where a segment begins, and how many pictures it has.
type mark struct {
	At     int64
	Frames int
}

func (k *keys) segments() int {
	if k == nil {
		return 0
	}
	return len(k.Marks)
}

// end is where a segment ends.
func (k *keys) end(n int) int64 {
	if n+1 < len(k.Marks) {
		return k.Marks[n+1].At
	}
	return k.End
}

// shown is when the file shows the first picture of a segment.
func (k *keys) shown(n int) int64 {
	if n == 0 {
		return k.First
	}
	return k.Marks[n].At
}

// start is the same in seconds.
func (k *keys) start(n int) float64 { return float64(k.shown(n)) / copyScale }

// ends are where the segments end, to the microsecond: so playlists add up.
func (k *keys) ends() []time.Duration {
	all := make([]time.Duration, len(k.Marks))
	for n := range all {
		all[n] = time.Duration(math.Round(float64(k.end(n))*1e6/copyScale)) * time.Microsecond
	}
	return all
}

// A picture of a file, as the search finds it.
type found struct {
	at    int64
	size  int
	clean bool // a decoder can begin here
}

// choose finds where segments begin. A key frame is taken if all that comes before it in the
// file is shown before it, and all that comes after it after it.
func choose(all []found, length time.Duration) *keys {
	if len(all) == 0 {
		return &keys{Why: "no picture"}
	}
	least := make([]int64, len(all)+1) // of what comes at or after
	least[len(all)] = math.MaxInt64
	for i, f := range slices.Backward(all) {
		least[i] = min(f.at, least[i+1])
	}
	if f := all[0]; !f.clean || f.at < 0 || f.at > copyScale || least[1] <= f.at {
		return &keys{Why: "the film does not begin with a key frame"}
	}
	k := &keys{First: all[0].at}
	most, last := int64(-1), all[0].at
	for i, f := range all {
		fits := f.clean && most < f.at && f.at < least[i+1]
		if len(k.Marks) == 0 || fits && f.at-k.Marks[len(k.Marks)-1].At >= int64(segment/time.Second)*copyScale {
			k.Marks = append(k.Marks, mark{At: f.at})
		}
		k.Marks[len(k.Marks)-1].Frames++
		last, most = most, max(most, f.at)
	}
	k.Marks[0].At = 0
	k.End = max(int64(length.Seconds()*copyScale), most+max(most-last, copyScale/100))
	k.weigh(all)
	return k
}

// weigh finds how many bits a second has, and whether any segment is too long or too heavy.
func (k *keys) weigh(all []found) {
	i := 0
	for n, m := range k.Marks {
		size := 0
		times := make([]int64, 0, m.Frames)
		for range m.Frames {
			size += all[i].size
			times = append(times, all[i].at)
			i++
		}
		slices.Sort(times)
		long := float64(k.end(n)-m.At) / copyScale
		k.Rate = max(k.Rate, int(float64(size)*8/long))
		switch {
		case len(slices.Compact(times)) < m.Frames:
			k.Why = "two pictures have one time"
		case long > longest.Seconds():
			k.Why = fmt.Sprintf("%.1f s without a key frame to begin at", long)
		case size > heaviest:
			k.Why = fmt.Sprintf("%d bytes without a key frame to begin at", size)
		}
	}
}

// A search looks through a file once.
type search struct {
	done chan struct{} // closed when keys and err are set
	keys *keys
	err  error
}

// withKeys gives the renditions with the key frames of the one that is copied, or without it
// where they do not allow that, or are not known soon and it is not needed.
func (s *Studio) withKeys(ctx context.Context, src Source, all []Rendition, needed bool) ([]Rendition, error) {
	i := slices.IndexFunc(all, Rendition.Copied)
	if i < 0 {
		return all, nil
	}
	k, err := s.keys(ctx, src, all[i], needed)
	if needed && err != nil || ctx.Err() != nil {
		return nil, err
	}
	if err != nil || k.Why != "" {
		return slices.Delete(all, i, i+1), nil
	}
	all[i].keys, all[i].Stream = k, asCopied(all[i].Stream)
	return all, nil
}

// keys waits for the key frames of a film, which are searched for once.
func (s *Studio) keys(ctx context.Context, src Source, r Rendition, needed bool) (*keys, error) {
	s.mu.Lock()
	f, ok := s.found[src.Key]
	if !ok {
		f = &search{done: make(chan struct{})}
		s.found[src.Key] = f
	}
	s.mu.Unlock()
	if !ok {
		if err := s.start(ctx, func(ctx context.Context) { s.search(ctx, src, r, f) }); err != nil {
			s.drop(src.Key, f, err)
		}
	}
	late := make(<-chan time.Time)
	if !needed {
		late = time.After(willWait)
	}
	select {
	case <-f.done:
		return f.keys, f.err
	case <-late:
		return nil, errors.New("the key frames are not known yet")
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// drop ends a search that came to nothing; another may do better.
func (s *Studio) drop(key string, f *search, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.found, key)
	f.err = err
	close(f.done)
}

func (s *Studio) search(ctx context.Context, src Source, r Rendition, f *search) {
	name := s.folder(src, r, "") + "/keys.json"
	if file, ok := s.cache.get(name); ok {
		k := &keys{}
		err := json.NewDecoder(io.LimitReader(file, maxBox)).Decode(k)
		file.Close()
		if err == nil {
			f.keys = k
			close(f.done)
			return
		}
	}
	began := time.Now()
	k, head, err := s.scan(ctx, src, r)
	if ctx.Err() != nil || errors.Is(err, errLost) || errors.Is(err, ffmpeg.ErrStall) || errors.Is(err, ffmpeg.ErrBusy) {
		s.Log.Warn("looking for key frames ended", "err", err)
		s.drop(src.Key, f, err)
		return
	}
	if err != nil {
		k = &keys{Why: err.Error()}
	}
	s.Log.Info("key frames found", "segments", len(k.Marks), "took", time.Since(began), "not copied because", k.Why)
	if b, err := json.Marshal(k); err == nil {
		if err := s.cache.put(name, b); err != nil {
			s.Log.Warn("keep key frames", "err", err)
		}
	}
	if k.Why == "" {
		if err := s.cache.put(s.folder(src, r, "")+"/init.mp4", head); err != nil {
			s.Log.Warn("keep the beginning", "err", err)
		}
	}
	f.keys = k
	close(f.done)
}

// scan reads a whole file, by a child that copies as those do which make segments: so they
// find the same. It gives the beginning of the copy too.
func (s *Studio) scan(ctx context.Context, src Source, r Rendition) (k *keys, head []byte, err error) {
	back, err := s.indexing.Take(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer back()
	file, err := src.Open()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errLost, err)
	}
	defer file.Close()
	ctx, stop := context.WithTimeout(ctx, searchTime)
	defer stop()
	was, err := file.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", errLost, err)
	}
	in, out := copyArguments(r, 0, false)
	child, err := s.Program.Start(file, in, out)
	if err != nil {
		return nil, nil, err
	}
	defer child.End()
	defer context.AfterFunc(ctx, child.Kill)()
	s.searched.Add(1)
	var all []found
	why := ""
	from := reader{scale: copyScale, init: func(b []byte) error { head = b; return nil }}
	from.sample = func(f mp4.FullSample) error {
		if len(all) == maxFrames {
			why = "the film has no end"
			return io.EOF
		}
		clean := f.Flags&notSync == 0
		if clean {
			var same bool
			clean, same = entrance(r.Stream.Codec, f.Data, head)
			if !same {
				why = "it changes on the way how its picture is to be read"
			}
		}
		all = append(all, found{f.PresentationTime() - lead*copyScale, len(f.Data), clean})
		return nil
	}
	for err == nil && why == "" {
		err = from.next(child)
	}
	if is, changed := file.Stat(); changed != nil || is.Size() != was.Size() || !is.ModTime().Equal(was.ModTime()) {
		return nil, nil, fmt.Errorf("%w: it was changed while it was read", errLost)
	}
	switch {
	case why != "":
		return &keys{Why: why}, nil, nil
	case err != io.EOF:
		return nil, nil, err
	}
	return choose(all, r.Length), head, nil
}

// entrance tells whether a decoder can begin with a key frame, and whether the parameters in
// it, if any, are those at the film's head (ITU-T H.264, table 7-1; H.265, table 7-1).
func entrance(codec string, data, head []byte) (clean, same bool) {
	if codec != "h264" && codec != "hevc" {
		return true, true
	}
	same = true
	for len(data) > 4 {
		size := int(binary.BigEndian.Uint32(data))
		if size < 1 || size > len(data)-4 {
			return false, same
		}
		unit := data[4 : 4+size]
		data = data[4+size:]
		kind, parameters := unit[0]>>1&63, false
		if codec == "h264" {
			kind = unit[0] & 31
			clean = clean || kind == 5 // browsers take no other for a key frame
			parameters = kind == 7 || kind == 8
		} else {
			clean = clean || kind >= 16 && kind <= 21
			parameters = kind >= 32 && kind <= 34
		}
		if parameters && !bytes.Contains(head, unit) {
			same = false
		}
	}
	return clean, same
}
