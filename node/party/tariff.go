package party

// A Tariff is what the host has set about Bits. The next party begins with it.
type Tariff struct {
	Sub     int64 `json:"sub,omitempty"`     // Bits for a month of subscription; 0: 500
	Least   int64 `json:"least,omitempty"`   // Bits that a line cheers at least; 0: 1
	Weekly  int64 `json:"weekly,omitempty"`  // Bits for everybody each week; 0: none
	NoTrain bool  `json:"noTrain,omitempty"` // no hype train
}

const (
	usualSub = 500
	maxPrice = 1_000_000 // Bits
)

// price is what a month of subscription costs, in Bits.
func (t Tariff) price() int64 {
	if t.Sub == 0 {
		return usualSub
	}
	return t.Sub
}

// set changes what the wish names.
func (t *Tariff) set(c Set) error {
	if c.Sub != nil {
		if t.Sub = *c.Sub; t.Sub < 1 || t.Sub > maxPrice {
			return refuse("WP-BAD", "A month of subscription costs 1 to 1,000,000 Bits.")
		}
	}
	if c.Least != nil {
		if t.Least = *c.Least; t.Least < 1 || t.Least > maxCheer {
			return refuse("WP-BAD", "The smallest cheer is 1 to 1,000,000 Bits.")
		}
	}
	if c.Weekly != nil {
		if t.Weekly = *c.Weekly; t.Weekly < 0 || t.Weekly > maxGrant {
			return refuse("WP-BAD", "The week's allowance is at most 1,000,000 Bits; 0 for none.")
		}
	}
	if c.Train != nil {
		t.NoTrain = !*c.Train
	}
	return nil
}
