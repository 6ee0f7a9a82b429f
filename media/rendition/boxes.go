package rendition

import (
	"bytes"
	"fmt"

	"github.com/Eyevinn/mp4ff/mp4"
)

// decodeBox reads one box that begins at a place of the file. The library panics at some of what is no file.
func decodeBox(at uint64, raw []byte) (box mp4.Box, err error) {
	defer broken(&err)
	return mp4.DecodeBox(at, bytes.NewReader(raw))
}

// samplesOf takes a fragment apart, likewise.
func samplesOf(f *mp4.Fragment, t *mp4.TrexBox) (all []mp4.FullSample, err error) {
	defer broken(&err)
	return f.GetFullSamples(t)
}

// broken makes an error of the library's panic: what a film has made of its ffmpeg must not end the party.
func broken(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("no boxes of a film: %v", p)
	}
}
