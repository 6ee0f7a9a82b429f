package party

import "slices"

// maxFaces is how many members are on stage, or asked to it, at once.
const maxFaces = 4

// Face is a member on stage, or one who was asked to it.
type Face struct {
	Member MemberID `json:"member"`
	Since  int64    `json:"since,omitempty"`  // Unix milliseconds: seen since; 0: not there now
	Hushed bool     `json:"hushed,omitempty"` // seen and not heard
}

type (
	// Beckon asks a member to the stage. Nobody's camera is turned on but by themselves.
	Beckon struct {
		Member MemberID `json:"member"`
	}
	// Bow takes a member off the stage, or takes the asking back: oneself, or somebody below
	// one's role.
	Bow struct {
		Member MemberID `json:"member"`
	}
	// Hush keeps the sound of a face back, or no longer.
	Hush struct {
		Member MemberID `json:"member"`
		Off    bool     `json:"off,omitempty"`
	}
	// Appear says that a camera is on, Vanish that it is not any more, for whatever
	// reason. The house wishes them.
	Appear struct{ Member MemberID }
	// Vanish is Appear's counterpart.
	Vanish struct{ Member MemberID }
)

type (
	// Beckoned is a member who may come on stage.
	Beckoned struct {
		Member MemberID `json:"member"`
	}
	// Staged is a face that is there or, with Off, not there now.
	Staged struct {
		Member MemberID `json:"member"`
		Off    bool     `json:"off,omitempty"`
	}
	// Bowed is a face that left.
	Bowed struct {
		Member MemberID `json:"member"`
	}
	// Hushed is the fact of a Hush.
	Hushed struct {
		Member MemberID `json:"member"`
		Off    bool     `json:"off,omitempty"`
	}
)

func (Beckon) power() Power { return Manage }
func (Bow) power() Power    { return Chat } // one's own; of others see decide
func (Hush) power() Power   { return Moderate }
func (Appear) power() Power { return Attend }
func (Vanish) power() Power { return Attend }

// face is where somebody stands, or -1.
func (s *State) face(id MemberID) int {
	return slices.IndexFunc(s.Stage, func(f Face) bool { return f.Member == id })
}

// MayAppear says whether a member may turn on the camera, and why not.
func (s *State) MayAppear(id MemberID) error {
	m, ok := s.Members[id]
	switch {
	case s.Ended != 0:
		return refuse("WP-ENDED", "This party is over.")
	case !ok || m.Removed:
		return refuse("WP-REMOVED", "You are not at this party any more. Ask the host for a new invitation.")
	case s.face(id) >= 0:
		return nil
	case !s.May(m.Role, Broadcast):
		return refuse("WP-FORBIDDEN", "The stage is the host's. Ask the host to call you up.")
	case len(s.Stage) >= maxFaces:
		return fullStage()
	}
	return nil
}

func fullStage() error {
	return refuse("WP-FULL", "There are four on stage already; somebody has to leave it first.")
}

func (c Beckon) decide(s *State, _ Env) ([]Event, error) {
	m, ok := s.Members[c.Member]
	switch {
	case !ok || m.Removed:
		return nil, noMember()
	case s.face(c.Member) >= 0:
		return nil, nil
	case len(s.Stage) >= maxFaces:
		return nil, fullStage()
	case len(m.Screens) == 0:
		return nil, refuse("WP-UNKNOWN", m.Name+" is not here now.")
	}
	return []Event{Beckoned(c)}, nil
}

func (c Bow) decide(s *State, env Env) ([]Event, error) {
	if c.Member == "" {
		c.Member = env.By
	}
	if c.Member != env.By {
		if env.By != House && !s.May(s.Members[env.By].Role, Moderate) {
			return nil, refuse("WP-FORBIDDEN", "Only the host and moderators may take somebody off the stage.")
		}
		if _, err := s.below(c.Member, env.By); err != nil {
			return nil, err
		}
	}
	if s.face(c.Member) < 0 {
		return nil, nil
	}
	return []Event{Bowed(c)}, nil
}

func (c Hush) decide(s *State, env Env) ([]Event, error) {
	if c.Member != env.By {
		if _, err := s.below(c.Member, env.By); err != nil {
			return nil, err
		}
	}
	i := s.face(c.Member)
	if i < 0 || s.Stage[i].Hushed != c.Off {
		return nil, nil
	}
	return []Event{Hushed(c)}, nil
}

func (c Appear) decide(s *State, _ Env) ([]Event, error) {
	if err := s.MayAppear(c.Member); err != nil {
		return nil, err
	}
	if i := s.face(c.Member); i >= 0 && s.Stage[i].Since != 0 {
		return nil, nil
	}
	return []Event{Staged{Member: c.Member}}, nil
}

func (c Vanish) decide(s *State, _ Env) ([]Event, error) {
	if i := s.face(c.Member); i < 0 || s.Stage[i].Since == 0 {
		return nil, nil
	}
	return []Event{Staged{Member: c.Member, Off: true}}, nil
}

// stage changes one face: what change makes of it stays, unless it is nobody.
func (s *State) stage(id MemberID, change func(Face) Face) {
	all := slices.Clone(s.Stage)
	i := s.face(id)
	if i < 0 {
		all, i = append(all, Face{Member: id}), len(all)
	}
	if all[i] = change(all[i]); all[i].Member == "" {
		all = slices.Delete(all, i, i+1)
	}
	if s.Stage = all; len(all) == 0 {
		s.Stage = nil
	}
}

func (e Beckoned) apply(s *State, _ Record) { s.stage(e.Member, func(f Face) Face { return f }) }

// A face whose camera is off keeps its place if it was called up.
func (e Staged) apply(s *State, r Record) {
	s.stage(e.Member, func(f Face) Face {
		if f.Since = r.At.UnixMilli(); !e.Off {
			return f
		}
		if f.Since = 0; s.May(s.Members[e.Member].Role, Broadcast) {
			return Face{}
		}
		return f
	})
}

func (e Bowed) apply(s *State, _ Record) { s.stage(e.Member, func(Face) Face { return Face{} }) }

func (e Hushed) apply(s *State, _ Record) {
	s.stage(e.Member, func(f Face) Face {
		f.Hushed = !e.Off
		return f
	})
}
