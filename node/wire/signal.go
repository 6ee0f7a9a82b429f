package wire

import (
	"encoding/json"
	"errors"
	"slices"

	"watchparty/node/party"
)

// Signal is worth nothing a second later and never kept. At most one of the five
// is set; none, where the kind is not known here. By and Screen are the host's to
// fill in, and empty when the house itself signals.
type Signal struct {
	By      party.MemberID `json:"by,omitempty"`
	Screen  party.ScreenID `json:"screen,omitempty"`
	Drift   *Drift         `json:"drift,omitempty"`
	Typing  *Typing        `json:"typing,omitempty"`
	Titles  *Changed       `json:"titles,omitempty"`
	Catalog *Problems      `json:"catalog,omitempty"`
	Host    *HostState     `json:"host,omitempty"`
}

func (Signal) frame() {}

func (s Signal) check() error {
	n := 0
	for _, set := range []bool{s.Drift != nil, s.Typing != nil, s.Titles != nil, s.Catalog != nil, s.Host != nil} {
		if set {
			n++
		}
	}
	if n > 1 {
		return errors.New("more than one signal")
	}
	return nil
}

// Drift is how far a screen is from the timeline, every two seconds.
type Drift struct {
	MS    float64   `json:"ms"` // ahead of the timeline if positive
	State PlayState `json:"state"`
}

// PlayState is what a screen is doing; one that is not known here is read as "".
type PlayState string

var playStates = []PlayState{"playing", "paused", "seeking", "waiting", "blocked", "away", "locked"}

// UnmarshalJSON reads a state. What a stranger makes up is not passed on to others.
func (s *PlayState) UnmarshalJSON(b []byte) error {
	var v PlayState
	if err := json.Unmarshal(b, (*string)(&v)); err != nil {
		return err
	}
	if *s = ""; slices.Contains(playStates, v) {
		*s = v
	}
	return nil
}

// Typing says that a member is writing a line.
type Typing struct{}

// Changed says that what may be watched has changed: ask for the titles again.
type Changed struct{}

// Problems tells the host what is wrong with the catalog; empty: nothing any more.
type Problems struct {
	Problems []string `json:"problems"`
}

// HostState tells the pages of a guest's node whether their host can be reached.
type HostState struct {
	Away bool `json:"away"`
}
