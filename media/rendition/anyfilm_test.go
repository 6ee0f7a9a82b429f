//go:build long

package rendition

import "testing"

func init() { copiedClips = append(copiedClips, "two.mkv", "uneven.mkv", "reordered.mp4") }

// Every film comes out in segments that begin where the playlist says and join without gap or
// overlap, also when another child made the next one.
func TestAnyFilm(t *testing.T) {
	for _, clip := range []string{"two.mkv", "old.avi", "tv.ts", "open.webm", "uneven.mkv", "phone.mp4", "song.flac"} {
		t.Run(clip, func(t *testing.T) {
			s, other := studio(t, 1<<30), studio(t, 1<<30)
			info, err := s.Info(t.Context(), source(clip))
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range Ladder(info) {
				if r.Copied() {
					continue // its segments are of any length
				}
				checkJoins(t, s, other, clip, r)
			}
		})
	}
}
