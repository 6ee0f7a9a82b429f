package party

import "time"

// Who comes gets the week's allowance, once in a week that begins on Monday (ISO 8601, UTC). The entry names the
// week, so that no retry and no other party gives it twice.

// week is the year and the week in it, as in 202648.
func week(t time.Time) int {
	year, week := t.UTC().ISOWeek()
	return year*100 + week
}

// allowance is what the house knows of somebody, and the week's allowance if it is due to them.
func (s *State) allowance(id MemberID, env Env) (Account, []Event) {
	a, known := env.Bank.Account(id)
	n := s.Policy.Weekly
	if !known || n == 0 || a.Week >= week(env.Now) || a.Bits+n > maxBits || a.Role == Host || s.Members[id].Role == Host {
		return a, nil
	}
	return a, []Event{Credited{id, n, week(env.Now)}}
}

// purse is what who wishes may spend now, and the entry that has to come first.
func (s *State) purse(env Env) (Account, []Event) {
	a, due := s.allowance(env.By, env)
	if due != nil {
		a.Bits += s.Policy.Weekly
	}
	return a, due
}

// allowances are those of everybody who is here.
func (s *State) allowances(env Env) (all []Event) {
	for _, id := range s.here() {
		_, due := s.allowance(id, env)
		all = append(all, due...)
	}
	return all
}
