package party

import "fmt"

// Role orders the people at a party by what they are trusted with.
type Role uint8

const (
	Guest Role = iota
	Trusted
	Moderator
	Host
)

var roleNames = [...]string{"guest", "trusted", "moderator", "host"}

func (r Role) String() string { return roleNames[r] }

// MarshalText writes the role's name.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads a role's name; an unknown one is an error.
func (r *Role) UnmarshalText(b []byte) error {
	for i, n := range roleNames {
		if n == string(b) {
			*r = Role(i)
			return nil
		}
	}
	return fmt.Errorf("unknown role %q: use guest, trusted, moderator or host", b)
}

// Power is one thing a role may do.
type Power uint8

const (
	Attend    Power = iota // be there: nobody wishes it, the house sees to it
	Chat                   // say something
	Suggest                // put a title in the queue
	Drive                  // choose, start, pause, seek
	Moderate               // mute and remove guests
	Broadcast              // be on stage without being called up
	Manage                 // roles, memberships, settings, the party's end
)

var powerWords = [...]string{
	Attend: "do that", Chat: "chat", Suggest: "add to the queue",
	Drive: "choose, start, pause or seek", Moderate: "moderate", Broadcast: "go on stage", Manage: "manage the party",
}

// least is the lowest role that holds a power under the policy.
func (p Policy) least(w Power) Role {
	switch w {
	case Chat:
		return Guest
	case Suggest, Drive:
		return p.Drive
	case Moderate:
		return Moderator
	default:
		return Host
	}
}

// May says whether a member of this role holds the power at this party.
func (s *State) May(r Role, w Power) bool { return w != Attend && r >= s.Policy.least(w) }
