package catalog

import (
	"slices"
	"strings"
	"time"
)

// A Decision says whether somebody may watch a title now. Its zero value refuses.
// Decisions can be compared with ==.
type Decision struct {
	OK     bool   `json:"ok"`
	Code   Code   `json:"code,omitempty"`   // why not, for programs; empty if OK
	Reason string `json:"reason,omitempty"` // why not and what to do, for people, in English
	Opens  int64  `json:"opens,omitempty"`  // Unix milliseconds at which the window opens; 0: it is not that
	Needs  string `json:"needs,omitempty"`  // the memberships asked for, any of them, where it is that: "gold, prime"
	french string
}

// In is the reason in a language given as a BCP 47 tag such as "fr" or "fr-CA": French, or
// English for all others.
func (d Decision) In(lang string) string {
	language, _, _ := strings.Cut(strings.ReplaceAll(lang, "_", "-"), "-")
	if strings.EqualFold(language, "fr") && d.french != "" {
		return d.french
	}
	return d.Reason
}

// Decide says whether a viewer may start a title at a moment. The first thing in the way is the
// reason: the region, then the window, the membership, the rating. A hidden title that is
// refused gets exactly the decision of a title that does not exist.
func (c *Catalog) Decide(id TitleID, v Viewer, at time.Time) Decision {
	t, ok := c.titles[id]
	if !ok {
		return refuseUnknown()
	}
	d := t.Rule.decide(v, at, c.zone)
	if !d.OK && t.Rule.Hidden {
		return refuseUnknown()
	}
	return d
}

// decide asks the rule; zone is where days begin in its sentences.
func (rule *Rule) decide(v Viewer, at time.Time, zone *time.Location) Decision {
	if v.Host {
		return Decision{OK: true}
	}
	// Spelled as rules are, or a house "fr" would slip past a rule that denies FR.
	house, known := ParseRegion(string(v.House))
	if v.House == Somewhere {
		house, known = Somewhere, true
	}
	switch {
	case rule.Silent:
		return refuseSilent()
	case !known:
		return refuseNoRegion()
	case names(rule.Deny, house) || !names(rule.Allow, house):
		return refuseRegion(house)
	case !rule.From.IsZero() && at.Before(rule.From):
		return refuseEarly(rule.From)
	case !rule.Until.IsZero() && !at.Before(rule.Until):
		return refuseLate(rule.Until)
	}
	if lapsed, ok := member(rule.Tiers, v.Tiers, at); !ok {
		lapsed.Until = lapsed.Until.In(zone)
		return refuseMembership(rule.Tiers, lapsed)
	}
	if v.MaxRating != 0 && rule.Rating > v.MaxRating {
		return refuseRating(rule.Rating, v.MaxRating)
	}
	return Decision{OK: true}
}

// names reports whether a set of regions holds one.
func names(set []Region, region Region) bool {
	return slices.Contains(set, region) || slices.Contains(set, World)
}

// member reports whether one of the tiers asked for is held at a moment; if not, it returns the
// one of them that ended last, if any.
func member(asked []Tier, held []Membership, at time.Time) (lapsed Membership, ok bool) {
	for _, m := range held {
		switch {
		case !slices.Contains(asked, m.Tier):
		case m.Until.IsZero() || at.Before(m.Until):
			return Membership{}, true
		case m.Until.After(lapsed.Until):
			lapsed = m
		}
	}
	return lapsed, len(asked) == 0
}
