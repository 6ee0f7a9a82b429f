package party

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

const (
	leastChoices = 2
	mostOptions  = 8         // of a poll
	maxQuestion  = 120       // runes
	maxOption    = 60        // runes
	longestPoll  = time.Hour // that a poll is open, or a prediction takes Bits
)

// Poll is a question with a few answers. Each member has one vote, on however many screens they are, and may change
// it until the poll is closed. It stays, with its result, until the next.
type Poll struct {
	ID       string             `json:"id"`
	By       MemberID           `json:"by"`
	Question string             `json:"question"`
	Options  []string           `json:"options"`
	Many     bool               `json:"many,omitempty"`   // a vote may be for several
	Late     bool               `json:"late,omitempty"`   // how it stands is shown at the end only
	Until    int64              `json:"until,omitempty"`  // Unix milliseconds; 0: until somebody closes it
	Votes    map[MemberID][]int `json:"votes,omitempty"`  // of each the places in Options, in their order
	Closed   int64              `json:"closed,omitempty"` // Unix milliseconds
	Counts   []int              `json:"counts,omitempty"` // once it is closed: the votes for each option
	Of       int                `json:"of,omitempty"`     // and who voted
}

type (
	// StartPoll asks the room something.
	StartPoll struct {
		Question string   `json:"question"`
		Options  []string `json:"options"`
		Many     bool     `json:"many,omitempty"`
		Late     bool     `json:"late,omitempty"`
		Seconds  int      `json:"seconds,omitempty"` // how long it is open; 0: until somebody closes it
	}
	// Vote is what the member chooses; what they chose before counts no more, and nothing takes it back.
	Vote struct {
		Poll    string `json:"poll"` // its ID: a vote that comes late counts for no other
		Options []int  `json:"options"`
	}
	// ClosePoll ends it, or with Drop forgets it. The house wishes it when the time is over.
	ClosePoll struct {
		Drop bool `json:"drop,omitempty"`
	}

	// Polled is the fact of a StartPoll.
	Polled struct {
		Question string   `json:"question"`
		Options  []string `json:"options"`
		Many     bool     `json:"many,omitempty"`
		Late     bool     `json:"late,omitempty"`
		Until    int64    `json:"until,omitempty"` // Unix milliseconds
	}
	// Voted is what its author chooses now.
	Voted struct {
		Options []int `json:"options"`
	}
	// PollClosed is a poll's end: the votes for each of its options.
	PollClosed struct {
		Question string   `json:"question"`
		Options  []string `json:"options,omitempty"`
		Counts   []int    `json:"counts,omitempty"`
		Of       int      `json:"of,omitempty"` // who voted
		Drop     bool     `json:"drop,omitempty"`
	}
)

func (StartPoll) power() Power { return Moderate }
func (Vote) power() Power      { return Chat }
func (ClosePoll) power() Power { return Moderate }

func (c StartPoll) decide(s *State, env Env) ([]Event, error) {
	if s.Poll != nil && s.Poll.Closed == 0 {
		return nil, refuse("WP-BUSY", "There is a poll already: close it, or drop it.")
	}
	question, options, err := asked(c.Question, c.Options, mostOptions)
	if err != nil {
		return nil, err
	}
	until, err := open(c.Seconds, env.Now)
	if err != nil {
		return nil, err
	}
	return []Event{Polled{question, options, c.Many, c.Late, until}}, nil
}

// asked is a question and its answers, fit to show.
func asked(question string, answers []string, most int) (string, []string, error) {
	question = Clean(question, maxQuestion+1)
	if question == "" || utf8.RuneCountInString(question) > maxQuestion {
		return "", nil, refuse("WP-BAD", "Ask something in at most 120 characters.")
	}
	if len(answers) < leastChoices || len(answers) > most {
		return "", nil, refuse("WP-BAD", "Give 2 to "+strconv.Itoa(most)+" answers.")
	}
	var clean []string
	for _, a := range answers {
		a = Clean(a, maxOption+1)
		if a == "" || utf8.RuneCountInString(a) > maxOption || slices.Contains(clean, a) {
			return "", nil, refuse("WP-BAD", "Each answer takes 1 to 60 characters, and no two may be the same.")
		}
		clean = append(clean, a)
	}
	return question, clean, nil
}

// open is until when something is open that is so for a number of seconds, in Unix milliseconds; 0 for ever.
func open(secs int, now time.Time) (int64, error) {
	switch length := time.Duration(secs) * time.Second; {
	case secs < 0 || length > longestPoll:
		return 0, refuse("WP-BAD", "It can be open for an hour at most.")
	case length > 0:
		return millis(now.Add(length)), nil
	}
	return 0, nil
}

func (c Vote) decide(s *State, env Env) ([]Event, error) {
	switch p := s.Poll; {
	case p == nil || p.ID != c.Poll || p.over(env.Now):
		return nil, refuse("WP-CLOSED", "That poll is closed.")
	case len(c.Options) > 1 && !p.Many:
		return nil, refuse("WP-BAD", "Choose one of the answers.")
	}
	options := slices.Clone(c.Options)
	slices.Sort(options)
	options = slices.Compact(options)
	if n := len(options); n > 0 && (options[0] < 0 || options[n-1] >= len(s.Poll.Options)) {
		return nil, refuse("WP-UNKNOWN", "That is none of the answers.")
	}
	if slices.Equal(options, s.Poll.Votes[env.By]) {
		return nil, nil
	}
	if options == nil {
		options = []int{}
	}
	return []Event{Voted{options}}, nil
}

// over says whether no vote counts any more.
func (p *Poll) over(now time.Time) bool {
	return p.Closed != 0 || p.Until != 0 && !now.Before(moment(p.Until))
}

// Due is when the poll is closed by itself; zero: never.
func (p *Poll) Due() time.Time {
	if p == nil || p.Until == 0 || p.Closed != 0 {
		return time.Time{}
	}
	return moment(p.Until)
}

func (c ClosePoll) decide(s *State, env Env) ([]Event, error) {
	switch p := s.Poll; {
	case p != nil && p.Closed == 0:
		return []Event{s.closed(c.Drop)}, nil
	case env.By == House:
		return nil, nil
	}
	return nil, refuse("WP-NOTHING", "There is no poll now.")
}

// closed counts the votes of all who have not been removed.
func (s *State) closed(drop bool) PollClosed {
	p := s.Poll
	if drop {
		return PollClosed{Question: p.Question, Drop: true}
	}
	e := PollClosed{Question: p.Question, Options: p.Options, Counts: make([]int, len(p.Options))}
	for id, options := range p.Votes {
		if s.Members[id].Removed {
			continue
		}
		e.Of++
		for _, i := range options {
			e.Counts[i]++
		}
	}
	return e
}

// lastPoll closes what is open when the party ends.
func (s *State) lastPoll() []Event {
	if s.Poll == nil || s.Poll.Closed != 0 {
		return nil
	}
	return []Event{s.closed(false)}
}

func (e Polled) apply(s *State, r Record) {
	s.Poll = &Poll{ID: strconv.FormatUint(uint64(r.Seq), 10), By: r.By, Question: e.Question, Options: e.Options, Many: e.Many, Late: e.Late, Until: e.Until}
}

func (e Voted) apply(s *State, r Record) {
	if s.Poll == nil {
		return
	}
	p := *s.Poll
	p.Votes = with(p.Votes, r.By, e.Options, len(e.Options) > 0)
	s.Poll = &p
}

func (e PollClosed) apply(s *State, r Record) {
	if s.Poll == nil || e.Drop {
		s.Poll = nil
		return
	}
	p := *s.Poll
	p.Closed, p.Counts, p.Of = r.At.UnixMilli(), e.Counts, e.Of
	s.Poll = &p
}
