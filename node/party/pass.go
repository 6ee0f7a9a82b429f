package party

import (
	"time"

	"watchparty/media/catalog"
)

// An Account is what a house knows of a person across all its parties.
type Account struct {
	ID     MemberID             `json:"id"`
	Name   string               `json:"name"`
	Role   Role                 `json:"role"`
	Region catalog.Region       `json:"region"`
	Tiers  []catalog.Membership `json:"tiers"`
	Rating int                  `json:"rating,omitempty"`
	Since  int64                `json:"since"` // Unix milliseconds
	Seen   int64                `json:"seen"`
	Ban    *Banishment          `json:"ban,omitempty"` // nil: they may come in
	Purse                       // the store tells it and keeps it apart
}

// Member is the account's person as they come to a party.
func (a Account) Member() Member {
	return Member{ID: a.ID, Name: a.Name, Role: a.Role, Region: a.Region, Tiers: a.Tiers, Rating: a.Rating}
}

// A Pass identifies a member. The bearer holds a secret; the house keeps its hash.
type Pass struct {
	Member  MemberID `json:"member"`
	Made    int64    `json:"made"`
	Expires int64    `json:"expires,omitempty"` // Unix milliseconds; 0: never
	Stage   bool     `json:"stage,omitempty"`   // it puts the member on stage, and does nothing else
	Device  string   `json:"device,omitempty"`  // it was made on: hash of a node's key, or of a browser's mark
	Banned  bool     `json:"banned,omitempty"`  // its bearer is kept out
}

// An Invitation turns into a pass, as often as Uses says. The house keeps the
// hash of its secret.
type Invitation struct {
	Role    Role           `json:"role"`
	Region  catalog.Region `json:"region"`
	Tiers   []catalog.Tier `json:"tiers"`
	Rating  int            `json:"rating,omitempty"`
	Uses    int            `json:"uses"` // left; -1: any number
	Expires int64          `json:"expires,omitempty"`
	Party   ID             `json:"party,omitempty"`  // the scheduled one that it is to
	Member  MemberID       `json:"member,omitempty"` // the person it is for, if the house knows them
}

// Expired says whether the moment has passed. What never expires has not.
func Expired(expires int64, now time.Time) bool {
	return expires != 0 && now.UnixMilli() >= expires
}
