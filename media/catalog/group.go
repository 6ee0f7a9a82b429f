package catalog

import (
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

const maxGroups = 1000 // bounds how deep groups can name each other

// A group is a named set of regions. It may name other groups, not itself through them.
type group struct {
	name    string
	members []*yaml.Node
	regions []Region // once done
	open    bool     // being spelled out
	done    bool
}

var groupName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// readGroups declares all groups before it spells any out, so that their order does not matter.
func (r *reader) readGroups(n *yaml.Node) {
	r.groups = make(map[string]*group)
	var inOrder []*group
	for _, p := range r.pairs(n, "groups") {
		name := p.key.Value
		_, country := ParseRegion(name)
		switch {
		case len(inOrder) == maxGroups:
			r.bad(p.key, "", "more than %d groups", maxGroups)
			return
		case !groupName.MatchString(name):
			r.bad(p.key, "use letters, digits, - and _", "%q is no name for a group", short(name))
			continue
		case country || isWorld(name) || isUnion(name):
			r.bad(p.key, "choose another name", "group %q has the name of a region", name)
			continue
		}
		g := &group{name: name, members: r.list(p.value, "a group")}
		r.groups[name] = g
		inOrder = append(inOrder, g)
	}
	for _, g := range inOrder {
		r.spellOut(g)
	}
}

func (r *reader) spellOut(g *group) []Region {
	if !g.done {
		g.open = true
		g.regions = r.regions(g.members)
		g.open, g.done = false, true
	}
	return g.regions
}

// regions reads a list of countries, groups, EU and world into a sorted set, everything but
// world spelled out.
func (r *reader) regions(list []*yaml.Node) []Region {
	set := make([]Region, 0, len(list))
	for _, n := range list {
		name, ok := r.text(n, "a region", 64)
		if !ok {
			continue
		}
		country, isCountry := ParseRegion(name)
		g := r.groups[name]
		switch {
		case isCountry:
			set = append(set, country)
		case isWorld(name):
			set = append(set, World)
		case isUnion(name):
			set = append(set, europeanUnion...)
		case g == nil:
			r.bad(n, r.meant(name), "unknown region %q", name)
		case g.open:
			r.bad(n, "take one of them out", "group %q leads back to itself", name)
		default:
			set = append(set, r.spellOut(g)...)
		}
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// meant is a hint for a region that is none.
func (r *reader) meant(name string) string {
	if country, ok := meantRegion(name); ok {
		return `did you mean "` + string(country) + `"?`
	}
	known := []string{string(World)}
	for group := range r.groups {
		known = append(known, group)
	}
	slices.Sort(known) // of words equally near, always the same one
	if hint := didYouMean(name, known); hint != "" && len(name) > 2 {
		return hint
	}
	return "write a two-letter country code such as FR, or world, EU, or a name from groups"
}

func isWorld(name string) bool { return strings.EqualFold(name, string(World)) }

func isUnion(name string) bool { return strings.EqualFold(name, "EU") }
