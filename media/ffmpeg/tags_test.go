package ffmpeg

import (
	"testing"
	"time"
)

func TestTags(t *testing.T) {
	needFFmpeg(t)
	for _, name := range []string{"a.flac", "a.mp3", "a.ogg", "a.m4a", "a.opus"} {
		path := clip(t, name, "-map", "1", "-metadata", "title=Ebb: one", "-metadata", "artist=A", "-metadata", "album_artist=B", "-metadata", "album=C",
			"-metadata", "track=3/12", "-metadata", "disc=2", "-metadata", "date=2020-05-01")
		info, err := Probe(t.Context(), path)
		if want := (Tags{"Ebb: one", "A", "B", "C", 3, 2, 2020}); err != nil || info.Tags != want {
			t.Errorf("%s says %+v, want %+v (%v)", name, info.Tags, want, err)
		}
		if off := (info.Duration - 2*time.Second).Abs(); off > 20*time.Millisecond {
			t.Errorf("%s is said to last %v, and 2 s were put into it", name, info.Duration)
		}
	}
	said := report{Streams: []reportStream{{Type: "video", Tags: map[string]string{"title": "cover"}}, {Type: "audio", Tags: map[string]string{"TRACKNUMBER": "x", "DISCNUMBER": "-1"}}}}
	if got := said.tags(); got != (Tags{}) {
		t.Errorf("from nonsense: %+v", got)
	}
}
