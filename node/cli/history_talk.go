package cli

import (
	"fmt"
	"io"
	"slices"
	"time"

	"watchparty/node/party"
)

// pillars draw how much was said in a part of a film, from nothing to the most.
var pillars = []rune("·▁▂▃▄▅▆▇█")

// writeTalk writes how many there were at once, and where in each film people talked.
func (d *digest) writeTalk(w io.Writer) {
	e := d.Evening()
	fmt.Fprintf(w, "\n%d at once, %d lines\n", e.Peak, e.Lines)
	for _, on := range e.Shown {
		most := slices.Max(append([]int{0}, on.Pace...))
		if most == 0 {
			continue
		}
		strip := make([]rune, len(on.Pace))
		for i, n := range on.Pace {
			strip[i] = pillars[(n*(len(pillars)-1)+most-1)/most]
		}
		at := time.Duration(float64(slices.Index(on.Pace, most)) / float64(len(on.Pace)) * on.Length * float64(time.Second))
		fmt.Fprintf(w, "%s  %s  most at %s\n", on.Title, string(strip), clock(at))
	}
}

// sofas are how many sat before somebody's screens at most, where it was not one, as it stands behind a name.
func (d *digest) sofas() map[party.MemberID]string {
	many := map[party.MemberID]string{}
	for _, p := range d.Evening().People {
		if p.People > 1 {
			many[p.Member] = fmt.Sprintf(" ×%d", p.People)
		}
	}
	return many
}
