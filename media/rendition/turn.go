package rendition

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"
)

// A Turn is when a segment's turn comes to be made.
type Turn struct {
	Before  int     `json:"before"`            // children that have to end before its own begins; 0: it is being made, or is there, or nobody asked for it
	Seconds float64 `json:"seconds,omitempty"` // until then, about; 0: not known
}

// turnOf reads "17.turn".
func turnOf(file string) (n int, ok bool) { return numbered(file, ".turn") }

// turn says when that of segment n comes.
func (s *Studio) turn(src Source, r Rendition, n int) *Piece {
	text, _ := json.Marshal(s.turnIn(s.folder(src, r, s.coderNow()), n)) // two numbers
	return memory(text, fmt.Sprintf("%x", sha256.Sum256(text)), "application/json")
}

// coderNow is the encoder that is used, or "" while none was chosen, and nothing waits for it.
func (s *Studio) coderNow() string {
	select {
	case <-s.ready:
		return s.coder()
	default:
		return ""
	}
}

// turnIn is a segment's, which is made in a folder of the cache.
func (s *Studio) turnIn(folder string, n int) (t Turn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, own := range s.takes[folder] {
		if !own.began.IsZero() || own.cut || n < own.from || n > own.next+near {
			continue
		}
		t.Before = 1 // of those who have a place
		for _, all := range s.takes {
			for _, other := range all {
				if other.pool == own.pool && other.number < own.number && other.began.IsZero() && !other.cut {
					t.Before++
				}
			}
		}
		t.Seconds = s.turns[own.pool].Seconds() * float64(t.Before) / float64(own.pool.Places())
	}
	return t
}

// comesBack is how long a child keeps its turn for whoever has left: players ask anew when they have waited for a while.
const comesBack = 2 * time.Second

// hasTurn notes that a child has its place, unless nobody waits for it any more.
func (s *Studio) hasTurn(t *take) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	t.began = time.Now()
	t.cut = t.cut || t.waiting == 0 && t.began.Sub(t.since) > comesBack
	return !t.cut
}

// learnTurn takes how long a child needed for its first segment into account: where others wait it is the only one that it makes. The
// caller holds mu.
func (s *Studio) learnTurn(t *take) {
	took := time.Since(t.began)
	if was := s.turns[t.pool]; was > 0 {
		took = was + (took-was)/4
	}
	s.turns[t.pool] = took
}
