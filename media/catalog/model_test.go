package catalog

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// The model decides from what was generated, never from what was parsed, by the plainest means:
// it walks up the levels for each question and follows names of regions wherever they lead.

type modelEntry struct {
	id                 string
	parent             *modelEntry // the series, or the defaults
	children           []*modelEntry
	number             int       // of an episode
	allow, deny, tiers *[]string // nil: not said
	from, until        *int      // days since the start of 2026; -1: none
	rating             *int
	hidden             *bool
}

type modelCatalog struct {
	groups   map[string][]string
	defaults *modelEntry
	entries  []*modelEntry
}

var modelUnion = strings.Fields("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE")

// said is what the nearest level says to a question.
func said[T any](e *modelEntry, question func(*modelEntry) *T) (answer T, ok bool) {
	for ; e != nil; e = e.parent {
		if a := question(e); a != nil {
			return *a, true
		}
	}
	return answer, false
}

func (c *modelCatalog) includes(names []string, house string) bool {
	for _, name := range names {
		switch {
		case name == "world", name == house,
			name == "EU" && slices.Contains(modelUnion, house),
			c.groups[name] != nil && c.includes(c.groups[name], house):
			return true
		}
	}
	return false
}

func (c *modelCatalog) refusal(e *modelEntry, v Viewer, at time.Time, z *time.Location) Code {
	if v.Host {
		return ""
	}
	allow, spoken := said(e, func(e *modelEntry) *[]string { return e.allow })
	deny, _ := said(e, func(e *modelEntry) *[]string { return e.deny })
	if !spoken || v.House == "" || !c.includes(allow, string(v.House)) || c.includes(deny, string(v.House)) {
		return CodeRegion
	}
	from, bound := said(e, func(e *modelEntry) *int { return e.from })
	if bound && from >= 0 && at.Before(time.Date(2026, 1, 1+from, 0, 0, 0, 0, z)) {
		return CodeWindow
	}
	until, bound := said(e, func(e *modelEntry) *int { return e.until })
	if bound && until >= 0 && !at.Before(time.Date(2026, 1, 1+until, 0, 0, 0, 0, z)) {
		return CodeWindow
	}
	tiers, _ := said(e, func(e *modelEntry) *[]string { return e.tiers })
	member := len(tiers) == 0
	for _, m := range v.Tiers {
		if slices.Contains(tiers, string(m.Tier)) && (m.Until.IsZero() || m.Until.After(at)) {
			member = true
		}
	}
	if !member {
		return CodeMembership
	}
	if rating, _ := said(e, func(e *modelEntry) *int { return e.rating }); v.MaxRating > 0 && rating > v.MaxRating {
		return CodeRating
	}
	return ""
}

// A generator makes catalogs, viewers and times from one seed.
type generator struct{ *rand.Rand }

var modelCountries = []string{"FR", "DE", "CH", "BE", "GB", "US", "JP", "NO"}

func pick[T any](g generator, from []T) T { return from[g.IntN(len(from))] }

// maybe is a value in some of the cases, and otherwise nothing said.
func maybe[T any](g generator, value T) *T {
	if g.IntN(3) > 0 {
		return nil
	}
	return &value
}

func (g generator) names(from []string, most int) []string {
	names := []string{}
	for range g.IntN(most + 1) {
		names = append(names, pick(g, from))
	}
	return names
}

func (g generator) entry(id string, parent *modelEntry, regions []string) *modelEntry {
	return &modelEntry{
		id: id, parent: parent,
		allow:  maybe(g, g.names(slices.Concat(regions, []string{"world", "world"}), 4)),
		deny:   maybe(g, g.names(regions, 2)),
		tiers:  maybe(g, g.names([]string{"prime", "gold", "crew"}, 2)),
		from:   maybe(g, pick(g, []int{-1, 0, 10, 40})),
		until:  maybe(g, pick(g, []int{-1, 60, 100})),
		rating: maybe(g, pick(g, []int{0, 6, 12, 18})),
		hidden: maybe(g, g.IntN(3) == 0),
	}
}

func (g generator) catalog() *modelCatalog {
	c := &modelCatalog{groups: map[string][]string{}}
	regions := slices.Concat(modelCountries, []string{"EU"})
	for i := range g.IntN(4) {
		name := fmt.Sprintf("group%d", i)
		c.groups[name] = g.names(regions, 3)
		regions = append(regions, name)
	}
	c.defaults = g.entry("", nil, regions)
	for i := range 1 + g.IntN(12) {
		e := g.entry(fmt.Sprintf("t%d", i), c.defaults, regions)
		if g.IntN(4) == 0 {
			for n := range 1 + g.IntN(4) {
				child := g.entry(fmt.Sprintf("%s-s01e%02d", e.id, n+1), e, regions)
				child.number = n + 1
				e.children = append(e.children, child)
			}
		}
		c.entries = append(c.entries, e)
	}
	return c
}

func (g generator) viewer() Viewer {
	v := Viewer{
		Host:      g.IntN(12) == 0,
		House:     Region(pick(g, append(modelCountries, "", "SE"))),
		MaxRating: pick(g, []int{0, 0, 6, 12, 18}),
	}
	for range g.IntN(3) {
		m := Membership{Tier: pick(g, []Tier{"prime", "gold", "crew", "other"})}
		if g.IntN(2) == 0 {
			m.Until = time.Date(2026, 1, 1+g.IntN(120), 0, 0, 0, 0, time.UTC)
		}
		v.Tiers = append(v.Tiers, m)
	}
	return v
}

// lines are the keys of an entry in any order, lists in either way of YAML.
func (g generator) lines(e *modelEntry) []string {
	var lines, regions []string
	if e.allow != nil {
		regions = append(regions, "allow: ["+strings.Join(*e.allow, ", ")+"]")
	}
	if e.deny != nil {
		regions = append(regions, "deny: ["+strings.Join(*e.deny, ", ")+"]")
	}
	switch {
	case regions == nil:
	case g.IntN(2) == 0:
		lines = append(lines, "regions: {"+strings.Join(regions, ", ")+"}")
	default:
		lines = append(lines, "regions:\n  "+strings.Join(regions, "\n  "))
	}
	if e.tiers != nil {
		lines = append(lines, "tiers: ["+strings.Join(*e.tiers, ", ")+"]")
	}
	for key, day := range map[string]*int{"from": e.from, "until": e.until} {
		if day != nil && *day < 0 {
			lines = append(lines, key+": none")
		} else if day != nil {
			lines = append(lines, key+": "+time.Date(2026, 1, 1+*day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
		}
	}
	if e.rating != nil {
		lines = append(lines, fmt.Sprint("rating: ", *e.rating))
	}
	if e.hidden != nil {
		lines = append(lines, fmt.Sprint("hidden: ", *e.hidden))
	}
	if e.id != "" {
		lines = append(lines, "title: The "+e.id)
	}
	if e.number > 0 {
		lines = append(lines, "season: 1", fmt.Sprint("episode: ", e.number))
	} else if e.id != "" {
		lines = append(lines, "id: "+e.id)
	}
	if e.children != nil {
		lines = append(lines, "kind: series", "episodes:"+g.list(e.children))
	} else if e.id != "" {
		lines = append(lines, "file: films/"+e.id+".mp4")
	}
	slices.Sort(lines) // the map above has no order
	g.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	return lines
}

func (g generator) list(entries []*modelEntry) string {
	var b strings.Builder
	for _, e := range entries {
		b.WriteString("\n  - " + indent(strings.Join(g.lines(e), "\n"), "    "))
	}
	return b.String()
}

func indent(s, by string) string { return strings.ReplaceAll(s, "\n", "\n"+by) }

func (g generator) file(c *modelCatalog) string {
	blocks := []string{"version: 1", "library: ./films", "titles:" + g.list(c.entries)}
	if defaults := g.lines(c.defaults); len(defaults) > 0 {
		blocks = append(blocks, "defaults:\n  "+indent(strings.Join(defaults, "\n"), "  "))
	}
	if len(c.groups) > 0 {
		groups := "groups:"
		for _, name := range slices.Sorted(maps.Keys(c.groups)) {
			groups += "\n  " + name + ": [" + strings.Join(c.groups[name], ", ") + "]"
		}
		blocks = append(blocks, groups)
	}
	g.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
	return strings.Join(blocks, "\n") + "\n"
}

// 200 catalogs are written, read, and asked everything the model is asked.
func TestAgainstModel(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	seen := map[Code]int{}
	for seed := range uint64(200) {
		g := generator{rand.New(rand.NewPCG(seed, 1))}
		model := g.catalog()
		text := g.file(model)
		c, problems := Parse("films.yaml", []byte(text), paris)
		if c == nil {
			t.Fatalf("seed %d:\n%s\n%s", seed, text, problems)
		}
		var leaves []*modelEntry
		for _, e := range model.entries {
			if e.children == nil {
				leaves = append(leaves, e)
			}
			leaves = append(leaves, e.children...)
		}
		if len(leaves) != len(c.Titles) {
			t.Fatalf("seed %d: %d titles, want %d", seed, len(c.Titles), len(leaves))
		}
		for range 40 {
			v := g.viewer()
			at := time.Date(2026, 1, pick(g, []int{1, 6, 11, 41, 51, 61, 101, 111}), 0, 0, 0, g.IntN(3)-1, paris)
			for _, e := range leaves {
				code := model.refusal(e, v, at, paris)
				if hidden, _ := said(e, func(e *modelEntry) *bool { return e.hidden }); hidden && code != "" {
					code = CodeUnknown
				}
				seen[code]++
				got := c.Decide(TitleID(e.id), v, at)
				if got.Code != code || got.OK != (code == "") || got.OK == (got.Reason != "") {
					t.Fatalf("seed %d: %s for %+v at %s is %+v, the model says %q, in\n%s", seed, e.id, v, at, got, code, text)
				}
			}
		}
	}
	t.Logf("decisions: %v", seen)
	for _, code := range []Code{"", CodeRegion, CodeWindow, CodeMembership, CodeRating, CodeUnknown} {
		if seen[code] < 500 {
			t.Errorf("only %d decisions %q: the generator has gone stale", seen[code], code)
		}
	}
}
