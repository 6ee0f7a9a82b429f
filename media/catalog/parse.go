package catalog

import (
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// maxTitles bounds a catalog, each episode counted.
const maxTitles = 100_000

// Parse reads a catalog file. The name is for the problems alone; the zone is the host's, in
// which a day begins, UTC if nil.
//
// It returns all problems it finds, by line. The catalog is nil exactly if one of them is more
// than a warning, so a broken file can never be half in force.
func Parse(name string, data []byte, zone *time.Location) (*Catalog, Problems) {
	if zone == nil {
		zone = time.UTC
	}
	r := &reader{file: name, zone: zone}
	c := r.catalog(data)
	problems := r.problems.report()
	if problems.Err() != nil {
		return nil, problems
	}
	c.Warnings = problems
	return c, problems
}

// catalog reads the file from the top. Its result is of use only if there was no problem.
func (r *reader) catalog(data []byte) *Catalog {
	root := r.document(data)
	if root == nil {
		return nil
	}
	m := r.mapping(root, "a catalog", "version", "library", "watch", "groups", "defaults", "guests", "titles")
	if m == nil {
		return nil
	}
	version := r.need(root, m, "the catalog", "version", `add "version: 1"`)
	if version != nil && version.Value != "1" {
		r.bad(version, "this program reads version 1", "version must be 1, but is %s", describe(version))
		return nil // another version is another format: what follows would be guesses
	}
	s := &shelf{
		reader: r,
		catalog: &Catalog{
			Library: r.library(m["library"]),
			Watch:   r.watch(m["watch"]),
			titles:  map[TitleID]*Title{},
			next:    map[TitleID]TitleID{},
			zone:    r.zone,
		},
		lines: map[TitleID]int{},
		files: map[string]*Title{},
		base:  Title{Subtitles: Beside{Auto: true}, Audio: Beside{Auto: true}, Rule: Rule{Silent: true}},
	}
	if n := m["groups"]; n != nil {
		r.readGroups(n)
	}
	if n := m["defaults"]; n != nil {
		r.rules(r.mapping(n, "defaults", ruleKeys...), &s.base)
	}
	if n := m["guests"]; n != nil {
		if tiers := r.mapping(n, "guests", "tiers")["tiers"]; tiers != nil {
			s.catalog.GuestTiers = r.tiers(tiers)
		}
	}
	if n := r.need(root, m, "the catalog", "titles", `add "titles:" and a list below it`); n != nil {
		for _, entry := range r.list(n, "titles") {
			s.entry(entry)
		}
	}
	return s.catalog
}

// library reads the folder of the files. It may lie anywhere: it is the host's own choice, and
// the fence around all other paths.
func (r *reader) library(n *yaml.Node) string {
	if n == nil {
		return "."
	}
	folder, ok := r.text(n, "library", maxPath)
	if ok && strings.TrimSpace(folder) != folder {
		r.bad(n, "remove it", "library starts or ends with a space")
	}
	return folder
}

// watch reads the folders in which new films are looked for.
func (r *reader) watch(n *yaml.Node) (folders []string) {
	if n == nil {
		return nil
	}
	for _, folder := range r.list(n, "watch") {
		if folder.Kind == yaml.ScalarNode && folder.Value == "." {
			folders = append(folders, ".")
		} else {
			folders = append(folders, r.path(folder, "a folder to watch"))
		}
	}
	return folders
}

// need is the value of a key that must be there, or nil after a problem.
func (r *reader) need(n *yaml.Node, m fields, what, key, hint string) *yaml.Node {
	if m[key] == nil {
		r.bad(n, hint, "%s has no %q", what, key)
	}
	return m[key]
}
