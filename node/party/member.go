package party

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"watchparty/media/catalog"
)

// MaxMembers is how many people a party holds, over the evening: a snapshot of it goes to everybody in one frame.
const MaxMembers = 1200

const maxScreens = 16 // of one member

// Member is a person at this party, with the facts the host keeps about them.
type Member struct {
	ID      MemberID             `json:"id"`
	Name    string               `json:"name"`
	Role    Role                 `json:"role"`
	Region  catalog.Region       `json:"region"` // of their house, as the host knows it
	Tiers   []catalog.Membership `json:"tiers"`
	Rating  int                  `json:"rating,omitempty"` // highest rating they may watch; 0: any
	Screens []Screen             `json:"screens"`          // empty: away
	Muted   bool                 `json:"muted,omitempty"`
	Removed bool                 `json:"removed,omitempty"`
	Banned  bool                 `json:"banned,omitempty"`  // removed, and kept out
	First   bool                 `json:"first,omitempty"`   // their first evening here
	Cheered int64                `json:"cheered,omitempty"` // Bits given to the host at this party, also for subscriptions
	People  int                  `json:"people,omitempty"`  // before their screens, as they say; 0: one
	Purse
	MutedUntil int64 `json:"mutedUntil,omitempty"` // a time-out's end, Unix milliseconds; 0: muted without one
	Spoke      int64 `json:"spoke,omitempty"`      // last line in slow mode, Unix milliseconds
}

// Screen is one place where a member is present.
type Screen struct {
	ID   ScreenID `json:"id"`
	Kind string   `json:"kind"` // page, node, mpv, none
}

// Viewer is everything a rule may ask about the member. The zero Member is refused.
func (m Member) Viewer() catalog.Viewer {
	if m.ID == House || m.Removed {
		return catalog.Viewer{}
	}
	return catalog.Viewer{Host: m.Role == Host, House: m.Region, Tiers: m.Tiers, MaxRating: m.Rating}
}

// Viewer is what rules may ask about a member, and the moment at which the title
// counts as begun for them: a film that had started is not cut when time runs out.
func (s *State) Viewer(id MemberID, title catalog.TitleID, now time.Time) (catalog.Viewer, time.Time, bool) {
	m, ok := s.Members[id]
	if !ok || m.Removed {
		return catalog.Viewer{}, now, false
	}
	return m.Viewer(), s.began(id, title, now), true
}

type (
	// Admit lets somebody in, or brings what the house knows of them up to date.
	// The house wishes it when a pass is shown.
	Admit struct{ Member Member }
	// Come and Go say that a screen of a member appeared or went away.
	Come struct {
		Screen Screen
		Was    ScreenID // which it was before its connection broke, if the host has not noticed that
	}
	// Go is Come's counterpart.
	Go struct{ Screen ScreenID }
	// Leave goes for good: the pass is void, the name is free again. The house wishes
	// it for a member who gave their pass back.
	Leave struct{}
	// Rename changes one's own name.
	Rename struct {
		Name string `json:"name"`
	}
)

type (
	// Joined is a member as they came in, or as they are known from now on.
	Joined struct {
		ID     MemberID             `json:"id"`
		Name   string               `json:"name"`
		Role   Role                 `json:"role"`
		Region catalog.Region       `json:"region"`
		Tiers  []catalog.Membership `json:"tiers"`
		Rating int                  `json:"rating,omitempty"`
		First  bool                 `json:"first,omitempty"`
		Purse
	}
	// Came is a screen that appeared.
	Came struct{ Screen }
	// Went is a screen that went away.
	Went struct {
		ID ScreenID `json:"id"`
	}
	// Renamed is a new name.
	Renamed struct {
		Name string `json:"name"`
	}
)

func (Admit) power() Power  { return Attend }
func (Come) power() Power   { return Attend }
func (Go) power() Power     { return Attend }
func (Leave) power() Power  { return Attend }
func (Rename) power() Power { return Chat }

func (c Admit) decide(s *State, env Env) ([]Event, error) {
	m := c.Member
	if m.ID == House {
		return nil, refuse("WP-BAD", "Nobody was named.")
	}
	old, known := s.Members[m.ID]
	if old.Banned {
		return nil, Banished()
	}
	if old.Removed {
		return nil, refuse("WP-REMOVED", "You were removed from this party. Ask the host for a new invitation.")
	}
	if !known && len(s.Members) >= MaxMembers {
		return nil, refuse("WP-FULL", "This party is full. Ask the host to begin another.")
	}
	if known { // the name chosen at this party stays
		m.Name = old.Name
	} else if m.Name = s.freeName(CleanName(m.Name), m.ID); m.Name == "" {
		return nil, refuse("WP-NAME", "Please give a name that can be read.")
	}
	account, due := s.allowance(m.ID, env)
	m.Purse, m.First = account.Purse, account.Since >= s.Opened && m.Role != Host
	if known && old.Purse == m.Purse && old.First == m.First && old.Role == m.Role && old.Region == m.Region && old.Rating == m.Rating && slices.EqualFunc(old.Tiers, m.Tiers, sameMembership) {
		return due, nil
	}
	return append([]Event{joined(m)}, due...), nil
}

// joined is the fact of a member as they are.
func joined(m Member) Joined {
	if m.Tiers == nil {
		m.Tiers = []catalog.Membership{}
	}
	return Joined{m.ID, m.Name, m.Role, m.Region, m.Tiers, m.Rating, m.First, m.Purse}
}

func sameMembership(a, b catalog.Membership) bool { return a.Tier == b.Tier && a.Until.Equal(b.Until) }

func (c Come) decide(s *State, env Env) ([]Event, error) {
	m, ok := s.Members[env.By]
	if !ok || m.Removed {
		return nil, refuse("WP-REMOVED", "You are not at this party any more. Ask the host for a new invitation.")
	}
	left, _ := Go{c.Was}.decide(s, env)
	if len(m.Screens)-len(left) >= maxScreens {
		return nil, refuse("WP-FULL", "You are here on too many screens: close one of them.")
	}
	return append([]Event{Came{c.Screen}}, left...), nil
}

func (c Go) decide(s *State, env Env) ([]Event, error) {
	if !slices.ContainsFunc(s.Members[env.By].Screens, func(x Screen) bool { return x.ID == c.Screen }) {
		return nil, nil
	}
	return []Event{Went{c.Screen}}, nil
}

func (Leave) decide(s *State, env Env) ([]Event, error) {
	m, ok := s.Members[env.By]
	if !ok || m.Role == Host { // a party keeps its host
		return nil, nil
	}
	return []Event{Removed{Member: m.ID, Left: true}}, nil
}

func (c Rename) decide(s *State, env Env) ([]Event, error) {
	if err := s.MayBeCalled(c.Name, env.By); err != nil {
		return nil, err
	}
	name := s.freeName(CleanName(c.Name), env.By)
	if name == s.Members[env.By].Name {
		return nil, nil
	}
	return []Event{Renamed{name}}, nil
}

// here lists those who are present, by ID.
func (s *State) here() (ids []MemberID) {
	for id, m := range s.Members {
		if m.present() {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids) // a map has no order
	return ids
}

// present says whether somebody is there.
func (m Member) present() bool { return len(m.Screens) > 0 && !m.Removed }

// freeName keeps two people from having one name, or names that look the same: the later one gets a number.
func (s *State) freeName(name string, but MemberID) string {
	looks := make(map[string]bool, len(s.Members))
	for id, m := range s.Members {
		if id != but && !m.Removed {
			looks[skeleton(m.Name)] = true
		}
	}
	taken := func(n string) bool { return looks[skeleton(n)] }
	free := name
	for i := 2; free != "" && taken(free); i++ {
		free = Clean(name, maxName-4) + " " + strconv.Itoa(i)
	}
	return free
}

func (e Joined) apply(s *State, _ Record) {
	m := s.Members[e.ID]
	m.ID, m.Name, m.Role, m.Region, m.Tiers, m.Rating = e.ID, e.Name, e.Role, e.Region, e.Tiers, e.Rating
	m.First, m.Purse = e.First, e.Purse
	m.Removed, m.Banned = false, false
	if m.Screens == nil {
		m.Screens = []Screen{}
	}
	s.put(m)
}

func (e Came) apply(s *State, r Record) {
	m := s.Members[r.By]
	m.Screens = append(slices.Clone(m.Screens), e.Screen)
	s.put(m)
}

func (e Went) apply(s *State, r Record) {
	m := s.Members[r.By]
	m.Screens = slices.DeleteFunc(slices.Clone(m.Screens), func(x Screen) bool { return x.ID == e.ID })
	s.put(m)
}

func (e Renamed) apply(s *State, r Record) {
	m := s.Members[r.By]
	m.Name = e.Name
	s.put(m)
}

// put replaces a member in a fresh map: older snapshots keep theirs.
func (s *State) put(m Member) {
	if m.ID == House { // a record of a member this fold never met
		return
	}
	s.Members = maps.Clone(s.Members)
	if s.Members == nil {
		s.Members = map[MemberID]Member{}
	}
	s.Members[m.ID] = m
}
