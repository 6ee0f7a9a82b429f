package party

import (
	"maps"
	"slices"
	"time"

	"watchparty/media/catalog"
)

type (
	// Sift notes who of those present may not watch what is on. The house wishes it where that has changed.
	Sift struct{}
	// Sifted is who may not, from now on. Whoever was among them before and may now has the title as begun now.
	Sifted struct {
		Out []MemberID `json:"out"`
	}
)

func (Sift) power() Power { return Attend }

func (Sift) decide(s *State, env Env) ([]Event, error) {
	if out := s.barred(env.Titles, env.Now); !slices.Equal(out, s.Out) {
		return []Event{Sifted{out}}, nil
	}
	return nil, nil
}

// Sifts says whether others may not watch what is on than was noted.
func (s *State) Sifts(ask Titles, now time.Time) bool {
	return !slices.Equal(s.barred(ask, now), s.Out)
}

// barred lists who of those present may watch what is on neither as of its beginning for them nor from now on.
func (s *State) barred(ask Titles, now time.Time) (out []MemberID) {
	title := s.Timeline.Title
	if title == "" {
		return nil
	}
	for _, id := range s.here() {
		v, at, _ := s.Viewer(id, title, now)
		if !ask.Decide(title, v, at).OK && !ask.Decide(title, v, now).OK {
			out = append(out, id)
		}
	}
	return out
}

func (e Sifted) apply(s *State, r Record) {
	for _, id := range s.Out {
		if !slices.Contains(e.Out, id) && s.Members[id].present() {
			s.In = maps.Clone(s.In) // a snapshot may hold it
			if s.In == nil {
				s.In = map[MemberID]int64{}
			}
			s.In[id] = r.At.UnixMilli()
		}
	}
	s.Out = e.Out
}

// began is when a title counts as begun for a member, by which its window and their memberships are judged: the film that
// is on from when it was put on, or from when they were let in; any other would begin now.
func (s *State) began(id MemberID, title catalog.TitleID, now time.Time) time.Time {
	if s.Timeline.Title != title || title == "" {
		return now
	}
	if at, ok := s.In[id]; ok {
		return moment(at)
	}
	return s.Timeline.Began
}

// watching lists who is present and may watch what is on.
func (s *State) watching() []MemberID {
	return slices.DeleteFunc(s.here(), func(id MemberID) bool { return slices.Contains(s.Out, id) })
}
