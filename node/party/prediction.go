package party

import (
	"fmt"
	wide "math/bits"
	"slices"
	"strconv"
	"time"
)

// PoolID holds what is put on predictions until they are settled, so that the Bits of a house stay as many as they
// are. It is nobody.
const PoolID MemberID = "pool"

const (
	mostOutcomes = 10
	maxStake     = 1_000_000 // Bits at a time
)

// Prediction is a question on whose answer guests put Bits. Who was right shares all of them, in proportion to what they
// put on it (decision 30). It stays, with its result, until the next.
type Prediction struct {
	ID       string             `json:"id"`
	By       MemberID           `json:"by"`
	Question string             `json:"question"`
	Outcomes []string           `json:"outcomes"`
	Until    int64              `json:"until,omitempty"`   // when it is locked by itself, Unix milliseconds; 0: when the host does
	Locked   bool               `json:"locked,omitempty"`  // no Bits can be put on it any more
	Stakes   []Stake            `json:"stakes,omitempty"`  // in the order in which people first put Bits on it
	Settled  int64              `json:"settled,omitempty"` // Unix milliseconds
	Outcome  *int               `json:"outcome,omitempty"` // what came true
	Back     bool               `json:"back,omitempty"`    // everybody got back what they had put on it
	Paid     map[MemberID]int64 `json:"paid,omitempty"`    // what each got
}

// Stake is what somebody has put on an outcome.
type Stake struct {
	Member  MemberID `json:"member"`
	Outcome int      `json:"outcome"`
	Bits    int64    `json:"bits"`
}

type (
	// Predict opens a prediction.
	Predict struct {
		Question string   `json:"question"`
		Outcomes []string `json:"outcomes"`
		Seconds  int      `json:"seconds,omitempty"` // until it is locked; 0: until the host does
	}
	// Wager puts Bits on an outcome; more can follow, on the same one.
	Wager struct {
		Prediction string `json:"prediction"` // its ID: a wager that comes late is put on no other
		Outcome    int    `json:"outcome"`
		Bits       int64  `json:"bits"`
	}
	// Lock takes no more Bits. The house wishes it when the time is over.
	Lock struct{}
	// Settle names what came true, or without an outcome gives everybody their Bits back.
	Settle struct {
		Outcome *int `json:"outcome,omitempty"`
	}

	// Predicted is the fact of a Predict.
	Predicted struct {
		Question string   `json:"question"`
		Outcomes []string `json:"outcomes"`
		Until    int64    `json:"until,omitempty"` // Unix milliseconds
	}
	// Wagered is the fact of a Wager.
	Wagered struct {
		Outcome int   `json:"outcome"`
		Bits    int64 `json:"bits"`
	}
	// PredictionLocked is the fact of a Lock.
	PredictionLocked struct{}
	// PredictionSettled is a prediction's end, and who gets what of the pool: all of it, to the Bit.
	PredictionSettled struct {
		Question string             `json:"question"`
		Outcome  *int               `json:"outcome,omitempty"`
		Answer   string             `json:"answer,omitempty"` // the outcome's words
		Back     bool               `json:"back,omitempty"`
		Paid     map[MemberID]int64 `json:"paid,omitempty"`
	}
)

func (Predict) power() Power { return Manage }
func (Wager) power() Power   { return Chat }
func (Lock) power() Power    { return Manage }
func (Settle) power() Power  { return Manage }

func (c Predict) decide(s *State, env Env) ([]Event, error) {
	if s.predicts() {
		return nil, refuse("WP-BUSY", "There is a prediction already: settle it, or give the Bits back.")
	}
	question, outcomes, err := asked(c.Question, c.Outcomes, mostOutcomes)
	if err != nil {
		return nil, err
	}
	until, err := open(c.Seconds, env.Now)
	if err != nil {
		return nil, err
	}
	return []Event{Predicted{question, outcomes, until}}, nil
}

// predicts says whether there is a prediction that is not settled.
func (s *State) predicts() bool { return s.Prediction != nil && s.Prediction.Settled == 0 }

func noPrediction() error { return refuse("WP-NOTHING", "There is no prediction now.") }

func (c Wager) decide(s *State, env Env) ([]Event, error) {
	p := s.Prediction
	switch {
	case !s.predicts() || p.ID != c.Prediction || p.Locked || p.Until != 0 && !env.Now.Before(moment(p.Until)):
		return nil, refuse("WP-LOCKED", "That prediction takes no more Bits.")
	case s.Members[env.By].Role == Host:
		return nil, refuse("WP-PREDICT-OWN", "The host says what came true, and so puts no Bits on it.")
	case c.Outcome < 0 || c.Outcome >= len(p.Outcomes):
		return nil, refuse("WP-UNKNOWN", "That is none of the outcomes.")
	case c.Bits < 1 || c.Bits > maxStake:
		return nil, refuse("WP-BAD", "Put 1 to 1,000,000 Bits on it at a time.")
	}
	if mine := p.stake(env.By); mine != nil && mine.Outcome != c.Outcome {
		return nil, refuse("WP-PREDICT-ONE", "Your Bits are on another outcome already, and stay there.")
	}
	a, due := s.purse(env)
	if a.Bits < c.Bits {
		return nil, refuse("WP-BITS", fmt.Sprintf("You have %d Bits. The host can give you more.", a.Bits))
	}
	return append(due, Wagered{c.Outcome, c.Bits}), nil
}

// stake is what somebody has put on it; nil: nothing.
func (p *Prediction) stake(id MemberID) *Stake {
	if i := slices.IndexFunc(p.Stakes, func(x Stake) bool { return x.Member == id }); i >= 0 {
		return &p.Stakes[i]
	}
	return nil
}

// Due is when the prediction is locked by itself; zero: never.
func (p *Prediction) Due() time.Time {
	if p == nil || p.Until == 0 || p.Locked || p.Settled != 0 {
		return time.Time{}
	}
	return moment(p.Until)
}

func (Lock) decide(s *State, env Env) ([]Event, error) {
	switch {
	case !s.predicts() && env.By != House:
		return nil, noPrediction()
	case !s.predicts() || s.Prediction.Locked:
		return nil, nil
	}
	return []Event{PredictionLocked{}}, nil
}

func (c Settle) decide(s *State, _ Env) ([]Event, error) {
	switch {
	case !s.predicts():
		return nil, noPrediction()
	case c.Outcome == nil:
		return s.giveBack(), nil
	case *c.Outcome < 0 || *c.Outcome >= len(s.Prediction.Outcomes):
		return nil, refuse("WP-UNKNOWN", "That is none of the outcomes.")
	}
	p := s.Prediction
	e := PredictionSettled{Question: p.Question, Outcome: c.Outcome, Answer: p.Outcomes[*c.Outcome]}
	if e.Paid = shares(p.Stakes, *c.Outcome); e.Paid == nil && len(p.Stakes) > 0 { // nobody was right
		e.Back, e.Paid = true, own(p.Stakes)
	}
	return []Event{e}, nil
}

// giveBack settles what is open without an outcome.
func (s *State) giveBack() []Event {
	if !s.predicts() {
		return nil
	}
	return []Event{PredictionSettled{Question: s.Prediction.Question, Back: true, Paid: own(s.Prediction.Stakes)}}
}

// own is what each has put on it.
func own(stakes []Stake) map[MemberID]int64 {
	if len(stakes) == 0 {
		return nil
	}
	all := make(map[MemberID]int64, len(stakes))
	for _, x := range stakes {
		all[x.Member] = x.Bits
	}
	return all
}

// shares divides all that was put on a prediction among those who were right, in proportion to what they put on
// it, rounded down. What is left, fewer Bits than there are of them, goes to those who were first, one Bit each. It is nil if
// nobody was right.
func shares(stakes []Stake, outcome int) map[MemberID]int64 {
	var pool, side int64
	for _, x := range stakes {
		if pool += x.Bits; x.Outcome == outcome {
			side += x.Bits
		}
	}
	if side == 0 {
		return nil
	}
	paid, left := map[MemberID]int64{}, pool
	for _, x := range stakes {
		if x.Outcome != outcome {
			continue
		}
		hi, lo := wide.Mul64(uint64(pool), uint64(x.Bits)) // exact: 128 bits
		share, _ := wide.Div64(hi, lo, uint64(side))
		paid[x.Member] = int64(share)
		left -= int64(share)
	}
	for _, x := range stakes {
		if x.Outcome == outcome && left > 0 {
			paid[x.Member]++
			left--
		}
	}
	return paid
}

func (e Wagered) entries(by MemberID) []Entry {
	return []Entry{{by, Purse{Bits: -e.Bits}}, {PoolID, Purse{Bits: e.Bits}}}
}

func (e PredictionSettled) entries(MemberID) (all []Entry) {
	var pool int64
	for id, n := range e.Paid {
		pool += n
		all = append(all, Entry{id, Purse{Bits: n}})
	}
	if pool > 0 {
		all = append(all, Entry{PoolID, Purse{Bits: -pool}})
	}
	return all
}

func (e Predicted) apply(s *State, r Record) {
	s.Prediction = &Prediction{ID: strconv.FormatUint(uint64(r.Seq), 10), By: r.By, Question: e.Question, Outcomes: e.Outcomes, Until: e.Until}
}

// predicted is the prediction with something changed in it.
func (s *State) predicted(change func(p *Prediction)) {
	if s.Prediction == nil {
		return
	}
	p := *s.Prediction
	change(&p)
	s.Prediction = &p
}

func (e Wagered) apply(s *State, r Record) {
	s.predicted(func(p *Prediction) {
		p.Stakes = slices.Clone(p.Stakes)
		if mine := p.stake(r.By); mine != nil {
			mine.Bits += e.Bits
		} else {
			p.Stakes = append(p.Stakes, Stake{r.By, e.Outcome, e.Bits})
		}
	})
	s.enter(r)
}

func (PredictionLocked) apply(s *State, _ Record) {
	s.predicted(func(p *Prediction) { p.Locked = true })
}

func (e PredictionSettled) apply(s *State, r Record) {
	s.predicted(func(p *Prediction) {
		p.Locked, p.Settled, p.Outcome, p.Back, p.Paid = true, r.At.UnixMilli(), e.Outcome, e.Back, e.Paid
	})
	s.enter(r)
}
