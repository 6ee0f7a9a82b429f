package party

// A Purse is what all entries of a person add up to: sums, and the latest of moments. So it does not matter in
// which order the logs are read (decisions 24 and 25).
type Purse struct {
	Bits   int64 `json:"bits,omitempty"`   // held
	Ever   int64 `json:"ever,omitempty"`   // cheered, at all parties
	Months int   `json:"months,omitempty"` // of subscription, the running one too
	Until  int64 `json:"until,omitempty"`  // when the subscription ends or ended, Unix milliseconds
	Week   int   `json:"week,omitempty"`   // of the last allowance, year and week as in 202648
}

// An Entry is what a record adds to somebody's purse.
type Entry struct {
	Member MemberID
	Purse
}

// Plus is the purse with an entry in it.
func (p Purse) Plus(e Purse) Purse {
	return Purse{
		Bits: p.Bits + e.Bits, Ever: p.Ever + e.Ever, Months: p.Months + e.Months,
		Until: max(p.Until, e.Until), Week: max(p.Week, e.Week),
	}
}

// A Bank tells what the house knows of somebody before the wish is decided: what they hold, and whether it knows them.
type Bank interface {
	Account(MemberID) (a Account, known bool)
}

// moves is an event that adds to purses.
type moves interface{ entries(by MemberID) []Entry }

// Entries are what a record adds to purses; of most, nothing.
func (r Record) Entries() []Entry {
	if e, ok := r.Event.(moves); ok {
		return e.entries(r.By)
	}
	return nil
}

// support is an event by which somebody gives the host Bits.
type support interface{ spent() int64 }

// Spent is how many Bits the record's author gave the host with it: cheered, or paid for subscriptions.
func (r Record) Spent() int64 {
	if e, ok := r.Event.(support); ok {
		return e.spent()
	}
	return 0
}

// enter brings the purses of those who are at the party up to date.
func (s *State) enter(r Record) {
	for _, e := range r.Entries() {
		m := s.Members[e.Member]
		m.Purse = m.Purse.Plus(e.Purse)
		s.put(m)
	}
	if bits := r.Spent(); bits > 0 {
		m := s.Members[r.By]
		m.Cheered += bits
		s.put(m)
		s.near(r, bits)
		s.ride(r, bits)
	}
}

// bits moves Bits from one person to another.
func bits(from, to MemberID, n int64) []Entry {
	if n == 0 {
		return nil
	}
	return []Entry{{from, Purse{Bits: -n}}, {to, Purse{Bits: n}}}
}
