package wire

import (
	"errors"

	"watchparty/node/party"
)

// Signal is worth nothing a second later and never kept. At most one of them
// is set; none, where the kind is not known here. By and Screen are the host's to
// fill in, and empty when the house itself signals.
type Signal struct {
	By      party.MemberID   `json:"by,omitempty"`
	Screen  party.ScreenID   `json:"screen,omitempty"`
	Drift   *party.Report    `json:"drift,omitempty"`
	Can     *party.Abilities `json:"can,omitempty"`
	Typing  *Typing          `json:"typing,omitempty"`
	React   *React           `json:"react,omitempty"`
	Delay   *Delay           `json:"delay,omitempty"`
	Waiting *Waiting         `json:"waiting,omitempty"`
	Titles  *Changed         `json:"titles,omitempty"`
	Emotes  *Changed         `json:"emotes,omitempty"`
	Catalog *Problems        `json:"catalog,omitempty"`
	Library *Scanning        `json:"library,omitempty"`
	Mishap  *Changed         `json:"mishap,omitempty"`
	Host    *HostState       `json:"host,omitempty"`
	Knocks  *Knocks          `json:"knocks,omitempty"`
	Answer  *Answer          `json:"answer,omitempty"`
	PIN     *Changed         `json:"pin,omitempty"` // too many were wrong
}

func (Signal) frame() {}

func (s Signal) check() error {
	n := 0
	for _, set := range []bool{s.Drift != nil, s.Can != nil, s.Typing != nil, s.React != nil, s.Delay != nil, s.Waiting != nil, s.Titles != nil, s.Emotes != nil, s.Catalog != nil, s.Library != nil, s.Mishap != nil, s.Host != nil, s.Knocks != nil, s.Answer != nil, s.PIN != nil} {
		if set {
			n++
		}
	}
	if n > 1 {
		return errors.New("more than one signal")
	}
	return nil
}

// Typing says that a member is writing a line.
type Typing struct{}

// React is an emoji that floats over the film.
type React struct {
	With string `json:"with"`
}

// A Delay is how far a face on stage is behind at a screen, or the part of it that sending takes.
type Delay struct {
	Face  party.MemberID `json:"face"`
	MS    float64        `json:"ms"`
	Sends bool           `json:"sends,omitempty"` // it is on its way from here
}

// Bound keeps a stranger's numbers within what screens really say.
func (d *Delay) Bound() {
	const most = 60_000 // ms
	d.MS = max(0, min(d.MS, most))
}

// Waiting tells everybody whom a held start waits for, at every change and every
// second; empty: nobody any more.
type Waiting struct {
	For   []party.Waited `json:"for"`
	Until int64          `json:"until,omitempty"` // Unix milliseconds, host time: then it goes on
	Ready int            `json:"ready,omitempty"` // members who are: of them a vote needs most
}

// Changed says that what may be watched, or which emotes there are, has changed: ask for the titles, or emotes, again. To a
// desk, that something went wrong: ask for its facts again.
type Changed struct{}

// Problems tells the host what is wrong with the catalog; empty: nothing any more.
type Problems struct {
	Problems []string `json:"problems"`
}

// Scanning tells the host how far a scan of the library is: at its beginning, some times a
// second, and at its end.
type Scanning struct {
	Running bool   `json:"running"`
	Done    int    `json:"done"` // files looked into
	Of      int    `json:"of"`
	File    string `json:"file,omitempty"` // below the library
}

// HostState tells the pages of a guest's node whether their host can be reached, and by which roads if they are others now.
type HostState struct {
	Away  bool   `json:"away"`
	Roads *Roads `json:"roads,omitempty"`
}
