package party

import "watchparty/media/catalog"

type (
	// Recall has what was said at an evening that is past come again with a title, in film time; without an evening,
	// no longer.
	Recall struct {
		Title   catalog.TitleID `json:"title,omitempty"`
		Evening ID              `json:"evening,omitempty"`
	}
	// Recalled is which evening comes again with which title.
	Recalled struct {
		Title   catalog.TitleID `json:"title,omitempty"`
		Evening ID              `json:"evening,omitempty"` // empty: none
		Name    string          `json:"name,omitempty"`
		Opened  int64           `json:"opened,omitempty"` // Unix milliseconds
	}
)

func (Recall) power() Power { return Manage }

func (c Recall) decide(s *State, env Env) ([]Event, error) {
	if c.Evening == "" {
		if s.Recalled == nil {
			return nil, nil
		}
		return []Event{Recalled{}}, nil
	}
	if c.Evening == s.ID {
		return nil, refuse("WP-BAD", "That is this evening: choose one that is past.")
	}
	if d := env.Titles.Decide(c.Title, s.Members[env.By].Viewer(), env.Now); !d.OK {
		return nil, refuse(string(d.Code), d.Reason)
	}
	var name string
	var opened int64
	known := false
	if env.Past != nil {
		name, opened, known = env.Past(c.Evening)
	}
	if !known {
		return nil, refuse("WP-UNKNOWN", "This house has had no such evening. See `watchparty history`.")
	}
	e := Recalled{c.Title, c.Evening, name, opened}
	if s.Recalled != nil && *s.Recalled == e {
		return nil, nil
	}
	return []Event{e}, nil
}

func (e Recalled) apply(s *State, _ Record) {
	if s.Recalled = &e; e.Evening == "" {
		s.Recalled = nil
	}
}
