package party

// A Tariff is what the host has set about Bits. The next party begins with it.
type Tariff struct {
	Sub int64 `json:"sub,omitempty"` // Bits for a month of subscription; 0: 500
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
	return nil
}
