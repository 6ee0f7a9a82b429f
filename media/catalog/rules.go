package catalog

import (
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"
)

const maxRating = 21 // the highest age that any country's classification uses

// ruleKeys are what defaults, a series, an episode and any other title may say. Each key is
// inherited by itself from the level above; in regions, allow and deny each by itself.
var ruleKeys = []string{"regions", "tiers", "from", "until", "rating", "hidden", "subtitles", "audio"}

// rules changes a title, which comes with what it inherits, by what a mapping says.
func (r *reader) rules(m fields, t *Title) {
	rule := &t.Rule
	if regions := m["regions"]; regions != nil {
		r.regionRule(regions, rule)
	}
	if tiers := m["tiers"]; tiers != nil {
		rule.Tiers = r.tiers(tiers)
	}
	if rating := m["rating"]; rating != nil {
		rule.Rating, _ = r.number(rating, "rating", 0, maxRating)
	}
	if hidden := m["hidden"]; hidden != nil {
		rule.Hidden = r.yesNo(hidden, "hidden")
	}
	if subtitles := m["subtitles"]; subtitles != nil {
		t.Subtitles = r.beside(subtitles, "subtitles")
	}
	if audio := m["audio"]; audio != nil {
		t.Audio = r.beside(audio, "audio")
	}
	if m["from"] != nil || m["until"] != nil {
		r.window(m, rule)
	}
}

func (r *reader) regionRule(n *yaml.Node, rule *Rule) {
	m := r.mapping(n, "regions", "allow", "deny")
	if allow := m["allow"]; allow != nil {
		rule.Allow = r.regions(r.list(allow, "allow"))
		rule.Silent = false
	}
	if deny := m["deny"]; deny != nil {
		rule.Deny = r.regions(r.list(deny, "deny"))
	}
}

// tiers reads a list of tiers; it is never nil, so that an empty list is told from none.
func (r *reader) tiers(n *yaml.Node) []Tier {
	tiers := []Tier{}
	for _, item := range r.list(n, "tiers") {
		name, ok := r.text(item, "a tier", 64)
		switch {
		case !ok:
		case strings.ContainsFunc(name, unicode.IsSpace):
			r.bad(item, "use - between words", "tier %q holds a space", name)
		default:
			tiers = append(tiers, Tier(name))
		}
	}
	return tiers
}

// window reads from and until, of which at least one is there; the other may be inherited.
func (r *reader) window(m fields, rule *Rule) {
	var where *yaml.Node
	sound := true
	for _, bound := range []struct {
		key  string
		time *time.Time
	}{{"from", &rule.From}, {"until", &rule.Until}} {
		value := m[bound.key]
		if value == nil {
			continue
		}
		where = value
		if value.Kind == yaml.ScalarNode && value.Value == "none" {
			*bound.time = time.Time{}
			continue
		}
		moment, ok := parseMoment(value.Value, r.zone)
		if value.Kind != yaml.ScalarNode || !ok {
			sound = r.bad(value, "write a day such as 2027-01-31, an instant such as 2027-01-31T20:00:00+01:00, or none",
				"%s must be a day or an instant, but is %s", bound.key, describe(value))
			continue
		}
		*bound.time = moment
	}
	if sound && !rule.From.IsZero() && !rule.Until.IsZero() && !rule.From.Before(rule.Until) {
		r.bad(where, "nobody could ever watch it", "until (%s) is not after from (%s)",
			rule.Until.Format(time.RFC3339), rule.From.Format(time.RFC3339))
	}
}

// beside reads where something comes from that belongs to a film.
func (r *reader) beside(n *yaml.Node, what string) Beside {
	switch {
	case n.Kind == yaml.ScalarNode && n.Value == "auto":
		return Beside{Auto: true}
	case n.Kind == yaml.ScalarNode && n.Value == "none":
		return Beside{}
	case n.Kind != yaml.SequenceNode:
		r.bad(n, "", "%s must be auto, none or a list of files, but is %s", what, describe(n))
		return Beside{}
	}
	var rule Beside
	for _, file := range n.Content {
		rule.Files = append(rule.Files, r.path(file, what))
	}
	return rule
}
