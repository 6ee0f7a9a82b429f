package party

// An Act is something that a moderator or the host did to somebody, or to the rules.
type Act struct {
	Seq    Seq      `json:"seq"`
	At     int64    `json:"at"` // Unix milliseconds
	By     MemberID `json:"by"`
	What   string   `json:"what"` // muted, unmuted, removed, banned, unbanned, erased, ruled, role, hushed, unhushed, offstage
	Member MemberID `json:"member,omitempty"`
	Name   string   `json:"name,omitempty"`  // where they may never have been here
	Until  int64    `json:"until,omitempty"` // of a time-out, Unix milliseconds
	Line   Seq      `json:"line,omitempty"`  // that was deleted
	Role   string   `json:"role,omitempty"`  // that was given
	Rules  *Rules   `json:"rules,omitempty"` // from then on
	Why    string   `json:"why,omitempty"`
}

// An Audit finds the acts in a log.
type Audit struct {
	Acts  []Act
	roles map[MemberID]Role
}

// Add looks at the next record. What people do to themselves is no act.
func (a *Audit) Add(r Record) {
	act := Act{Seq: r.Seq, At: r.At.UnixMilli(), By: r.By}
	switch e := r.Event.(type) {
	case Muted:
		act.What, act.Member, act.Until, act.Why = either(e.Off, "unmuted", "muted"), e.Member, e.Until, e.Why
	case Removed:
		act.What, act.Member, act.Why = either(e.Left, "", "removed"), e.Member, e.Why
	case Banned:
		act.What, act.Member, act.Name, act.Why = either(e.Off, "unbanned", "banned"), e.Member, e.Name, e.Why
	case Erased:
		act.What, act.Member, act.Line, act.Why = either(e.Member == r.By, "", "erased"), e.Member, e.Line, e.Why
	case Ruled:
		act.What, act.Rules = either(r.By == House, "", "ruled"), &e.Rules
	case Hushed:
		act.What, act.Member = either(e.Off, "unhushed", "hushed"), e.Member
	case Bowed:
		act.What, act.Member = either(e.Member == r.By || r.By == House, "", "offstage"), e.Member
	case Joined:
		if a.roles == nil {
			a.roles = map[MemberID]Role{}
		}
		if old, known := a.roles[e.ID]; known && old != e.Role && r.By != House {
			act.What, act.Member, act.Role = "role", e.ID, e.Role.String()
		}
		a.roles[e.ID] = e.Role
	}
	if act.What != "" {
		a.Acts = append(a.Acts, act)
	}
}

func either(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}
