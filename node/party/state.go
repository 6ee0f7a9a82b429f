package party

import "slices"

// State is the fold of a party's records. It has one owner and no locks.
type State struct {
	ID         ID                  `json:"id"`
	Name       string              `json:"name"`
	Seq        Seq                 `json:"seq"`               // last record folded
	Opened     int64               `json:"opened"`            // Unix milliseconds
	Ended      int64               `json:"ended,omitempty"`   // 0: going on
	Evening    *Evening            `json:"evening,omitempty"` // what it came to, once it has ended
	Policy     Policy              `json:"policy"`
	Members    map[MemberID]Member `json:"members"`
	Timeline   Timeline            `json:"timeline"`
	Queue      []Queued            `json:"queue"`
	Messages   []Message           `json:"messages"`             // the last 200
	Pinned     *Held               `json:"pinned,omitempty"`     // the line on top
	Out        []MemberID          `json:"out,omitempty"`        // who of those present may not watch what is on
	In         map[MemberID]int64  `json:"in,omitempty"`         // who may only since, as Unix milliseconds
	Urged      []MemberID          `json:"urged,omitempty"`      // who wants the held start to go on
	Coming     *Coming             `json:"coming,omitempty"`     // the next episode, while it is counted down to; or the next track
	Ballot     *Ballot             `json:"ballot,omitempty"`     // what is voted on
	Poll       *Poll               `json:"poll,omitempty"`       // what was asked last
	Motion     *Motion             `json:"motion,omitempty"`     // what the room was asked last about the film
	Prediction *Prediction         `json:"prediction,omitempty"` // on which Bits were put last
	Stage      []Face              `json:"stage,omitempty"`      // whose cameras are on, or may be
	Goal       *Goal               `json:"goal,omitempty"`
	Train      *Train              `json:"train,omitempty"`    // the hype train that runs, or ran last
	Given      []Given             `json:"given,omitempty"`    // lately, that may set one going
	Recalled   *Recalled           `json:"recalled,omitempty"` // the past evening whose chat comes again
	Drift      Drift               `json:"drift,omitempty"`    // how far screens were off so far

	Rules Rules `json:"rules,omitzero"` // of the chat and the door
}

// Snapshot is the state as it is now, safe to read while the owner goes on.
func (s *State) Snapshot() *State {
	c := *s
	c.Messages = slices.Clip(s.Messages)
	return &c
}

// Decide checks the power, then what the command itself asks. It changes nothing.
func (s *State) Decide(c Command, env Env) ([]Event, error) {
	if _, late := c.(Erase); s.Ended != 0 && !late { // what was said can be taken back when it is over too
		return nil, refuse("WP-ENDED", "This party is over.")
	}
	if env.By != House {
		if err := s.allows(env.By, c.power()); err != nil {
			if m, ok := motion(c); ok && s.Policy.Vote && s.allows(env.By, Chat) == nil {
				return s.move(m, c, env)
			}
			return nil, err
		}
	}
	return c.decide(s, env)
}

func (s *State) allows(by MemberID, w Power) error {
	m, ok := s.Members[by]
	if !ok || m.Removed {
		return refuse("WP-REMOVED", "You are not at this party any more. Ask the host for a new invitation.")
	}
	if w == Attend {
		return nil // its decide looks only at the member's own presence
	}
	if !s.May(m.Role, w) {
		return refuse("WP-FORBIDDEN", "Only the "+s.who(w)+" may "+powerWords[w]+" here.")
	}
	return nil
}

func (s *State) who(w Power) string {
	switch s.Policy.least(w) {
	case Host:
		return "host"
	case Moderator:
		return "host and moderators"
	default:
		return "host, moderators and trusted guests"
	}
}

// Apply folds a record in. Records come in order; one that is already folded is
// passed over.
func (s *State) Apply(r Record) {
	if r.Seq <= s.Seq {
		return
	}
	r.Event.apply(s, r)
	s.Seq = r.Seq
}
