package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// maxProblems bounds a report: whoever has more than a screenful mends the first ones first.
const maxProblems = 100

// A Problem is one thing that is wrong with a catalog file, and where.
type Problem struct {
	File         string
	Line, Column int    // from 1
	Text         string // what is wrong
	Hint         string // what to do; may be empty
	Warning      bool   // worth knowing, but the catalog can be used
}

// String is the problem as one line, such as
//
//	films.yaml:12: unknown key "regoins"; did you mean "regions"?
func (p Problem) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d: ", p.File, p.Line)
	if p.Warning {
		b.WriteString("warning: ")
	}
	b.WriteString(p.Text)
	if p.Hint != "" {
		b.WriteString("; " + p.Hint)
	}
	return b.String()
}

// Problems are the problems of one file, by line. As an error it reads as one line for each;
// use [Problems.Err] to get an error or nil.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Err is nil if there are only warnings, and ps otherwise.
func (ps Problems) Err() error {
	if slices.ContainsFunc(ps, func(p Problem) bool { return !p.Warning }) {
		return ps
	}
	return nil
}

// report sorts the problems by line and cuts a long list. Warnings are the first to go, so that
// what keeps a catalog out of use is never hidden behind them.
func (ps Problems) report() Problems {
	byLine := func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	}
	slices.SortStableFunc(ps, byLine)
	if len(ps) <= maxProblems {
		return ps
	}
	slices.SortStableFunc(ps, func(a, b Problem) int {
		switch {
		case a.Warning == b.Warning:
			return 0
		case a.Warning:
			return 1
		}
		return -1
	})
	kept, rest := slices.Clone(ps[:maxProblems]), ps[maxProblems:]
	slices.SortStableFunc(kept, byLine)
	last := kept[len(kept)-1]
	return append(kept, Problem{
		File: last.File, Line: last.Line, Column: last.Column,
		Text:    fmt.Sprintf("and %d more", len(rest)),
		Warning: rest[0].Warning, // the rest starts with a warning if it holds nothing worse
	})
}
