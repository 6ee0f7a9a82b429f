package party

import (
	"fmt"
	"time"
)

// Somebody subscribes to the host's channel with Bits, a month at a time, or gives a month to others. Months are
// counted as they are begun, and a month can be added only when the running one is nearly over: so twelve of them
// are a year of evenings and not one rich evening.

const (
	renewal  = 7 * 24 * time.Hour // before its end a subscription can be gone on with
	maxGifts = 50                 // with one wish
)

type (
	// Subscribe buys a month for oneself, and may say something with it.
	Subscribe struct {
		Text string `json:"text,omitempty"`
	}
	// Gift buys a month for somebody the house knows, here or not, or for as many as Count says, drawn among those
	// who are here without one. The host gives without paying: the Bits would be the host's.
	Gift struct {
		Member MemberID `json:"member,omitempty"`
		Count  int      `json:"count,omitempty"`
	}
	// Subscribed is the fact of a Subscribe.
	Subscribed struct {
		Said
		Months int   `json:"months"` // altogether, with this one
		Until  int64 `json:"until"`  // Unix milliseconds
		Price  int64 `json:"price"`  // Bits
	}
	// Gifted is the fact of a Gift.
	Gifted struct {
		To    []Received `json:"to"`
		Price int64      `json:"price"` // Bits for each
		Drawn bool       `json:"drawn,omitempty"`
	}
	// Received is a month that somebody was given.
	Received struct {
		Member MemberID `json:"member"`
		Months int      `json:"months"`
		Until  int64    `json:"until"`
	}
)

func (Subscribe) power() Power { return Chat }
func (Gift) power() Power      { return Chat }

func (c Subscribe) decide(s *State, env Env) ([]Event, error) {
	if s.Members[env.By].Role == Host {
		return nil, ownChannel()
	}
	said, err := s.said(c.Text, env)
	if err != nil {
		return nil, err
	}
	a, due := s.purse(env)
	if a.subscribed(env.Now) {
		return nil, runs(a)
	}
	price := s.Policy.price()
	if a.Bits < price {
		return nil, tooDear(a, price)
	}
	month := a.month(env.Now)
	return append(due, Subscribed{said, month.Months, month.Until, price}), nil
}

func (c Gift) decide(s *State, env Env) ([]Event, error) {
	to, err := s.receivers(c, env)
	if err != nil {
		return nil, err
	}
	price := s.Policy.price()
	if s.Members[env.By].Role == Host {
		price = 0
	}
	a, due := s.purse(env)
	if all := price * int64(len(to)); a.Bits < all {
		return nil, tooDear(a, all)
	}
	return append(due, Gifted{to, price, c.Member == ""}), nil
}

// receivers are those who get a gift: the one it is for, or who is drawn.
func (s *State) receivers(c Gift, env Env) ([]Received, error) {
	if c.Member == "" {
		return s.drawn(c.Count, env)
	}
	m, here := s.Members[c.Member]
	a, known := env.Bank.Account(c.Member)
	switch {
	case c.Count != 0:
		return nil, refuse("WP-BAD", "A gift is for one person, or for a number of people by chance.")
	case !known || m.Removed:
		return nil, stranger()
	case a.Role == Host || here && m.Role == Host:
		return nil, ownChannel()
	case c.Member == env.By:
		return nil, refuse("WP-BAD", "That is for yourself: subscribe.")
	case a.subscribed(env.Now):
		return nil, runs(a)
	}
	return []Received{a.month(env.Now)}, nil
}

// drawn are n of those who are here without a subscription.
func (s *State) drawn(n int, env Env) ([]Received, error) {
	if n < 1 || n > maxGifts {
		return nil, refuse("WP-BAD", "Give 1 to 50 subscriptions at a time.")
	}
	var among []Account
	for _, id := range s.here() {
		a, known := env.Bank.Account(id)
		if known && s.Members[id].Role != Host && id != env.By && !a.subscribed(env.Now) {
			among = append(among, a)
		}
	}
	if len(among) < n {
		return nil, refuse("WP-SUB-FEW", fmt.Sprintf("%d are here without a subscription: give no more than that.", len(among)))
	}
	to := make([]Received, n)
	for i := range to {
		k := i + env.Draw(len(among)-i)
		among[i], among[k] = among[k], among[i]
		to[i] = among[i].month(env.Now)
	}
	return to, nil
}

// Subscriber says whether the purse's subscription runs at that moment.
func (p Purse) Subscriber(now time.Time) bool { return p.Until > now.UnixMilli() }

// subscribed says whether it runs for so long that no month can be added yet.
func (p Purse) subscribed(now time.Time) bool { return p.Subscriber(now.Add(renewal)) }

// month is the next month of somebody's subscription: from now on, or from the end of the running one.
func (a Account) month(now time.Time) Received {
	from := later(time.UnixMilli(a.Until), now).UTC()
	end := from.AddDate(0, 1, 0)
	if end.Day() != from.Day() { // 31 January and a month is in March: take the last day before
		end = end.AddDate(0, 0, -end.Day())
	}
	return Received{a.ID, a.Months + 1, end.UnixMilli()}
}

func (e Subscribed) entries(by MemberID) []Entry {
	return append(bits(by, HostID, e.Price), Entry{by, Purse{Months: 1, Until: e.Until}})
}

func (e Subscribed) spent() int64 { return e.Price }

func (e Subscribed) apply(s *State, r Record) {
	s.keep(Message{Said: e.Said, Months: e.Months}, r)
	s.enter(r)
}

func (e Gifted) entries(by MemberID) []Entry {
	all := bits(by, HostID, e.spent())
	for _, to := range e.To {
		all = append(all, Entry{to.Member, Purse{Months: 1, Until: to.Until}})
	}
	return all
}

func (e Gifted) spent() int64 { return e.Price * int64(len(e.To)) }

func (e Gifted) apply(s *State, r Record) {
	s.keep(Message{Gifts: e.To}, r)
	s.enter(r)
}

func ownChannel() error {
	return refuse("WP-SUB-OWN", "People subscribe to the host's channel, so the host cannot.")
}

func runs(a Account) error {
	day := func(t time.Time) string { return t.UTC().Format("2 January 2006") }
	until := time.UnixMilli(a.Until)
	return refuse("WP-SUB-RUNS", fmt.Sprintf("That subscription runs until %s; a month can be added from %s.", day(until), day(until.Add(-renewal))))
}

func tooDear(a Account, price int64) error {
	return refuse("WP-BITS", fmt.Sprintf("You have %d Bits, and that costs %d. The host can give you more.", a.Bits, price))
}
