package wire

// Link asks for a way to bring another device of the bearer's to the party.
type Link struct {
	Token string `json:"token"`
}

func (Link) frame() {}

// Linked answers it. Either is good once.
type Linked struct {
	Link    string `json:"link"`    // as an invitation's
	Code    string `json:"code"`    // digits, which the door takes in the place of a PIN
	Expires int64  `json:"expires"` // Unix milliseconds
}

func (Linked) frame() {}
