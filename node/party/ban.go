package party

type (
	// Ban shows a member the door for good: also their passes and their devices are kept out, tonight and at later
	// parties. They need not be here.
	Ban struct {
		Member MemberID `json:"member"`
		Why    string   `json:"why,omitempty"`
	}
	// Unban lets them come in again, as who they were.
	Unban struct {
		Member MemberID `json:"member"`
	}
	// Banned is the fact of a Ban or, with Off, of an Unban.
	Banned struct {
		Member MemberID `json:"member"`
		Name   string   `json:"name"` // they may never have been at this party
		Off    bool     `json:"off,omitempty"`
		Why    string   `json:"why,omitempty"`
	}
	// Banishment is what the house keeps of a ban.
	Banishment struct {
		At      int64    `json:"at"` // Unix milliseconds
		By      MemberID `json:"by"`
		Why     string   `json:"why,omitempty"`
		Devices []string `json:"devices,omitempty"` // hashes; see Pass
	}
)

func (Ban) power() Power   { return Moderate }
func (Unban) power() Power { return Manage }

// Banished is what somebody hears who is kept out.
func Banished() error {
	return refuse("WP-BANNED", "You are banned from this house. Only its host can change that.")
}

func (c Ban) decide(s *State, env Env) ([]Event, error) {
	m, err := s.below(c.Member, env.By)
	if a, known := account(env, c.Member); m.ID == House && known {
		m, err = a.Member(), nil
		m.Banned = a.Ban != nil
		if env.By != House && m.Role >= s.Members[env.By].Role {
			err = refuse("WP-FORBIDDEN", "You cannot do that to "+m.Name+".")
		}
	}
	if err != nil || m.Banned {
		return nil, err
	}
	return []Event{Banned{Member: m.ID, Name: m.Name, Why: Clean(c.Why, maxWhy)}}, nil
}

func (c Unban) decide(s *State, env Env) ([]Event, error) {
	a, known := account(env, c.Member)
	if !known || a.Ban == nil {
		return nil, refuse("WP-UNKNOWN", "Nobody of that name is banned. See `watchparty member bans`.")
	}
	return []Event{Banned{Member: a.ID, Name: a.Name, Off: true}}, nil
}

// account is what the house knows of somebody.
func account(env Env, id MemberID) (Account, bool) {
	if env.Bank == nil {
		return Account{}, false
	}
	return env.Bank.Account(id)
}

func (e Banned) apply(s *State, _ Record) {
	if !e.Off {
		s.out(e.Member, true)
		return
	}
	m := s.Members[e.Member]
	m.Removed, m.Banned = false, false
	s.put(m)
}
