package cli

import (
	"cmp"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"watchparty/node/party"
)

// writeText writes a party as a person reads it.
func (d *digest) writeText(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 3, ' ', 0)
	end := "not ended"
	if d.party.Ended != nil {
		end = "ended " + d.party.Ended.Local().Format("2006-01-02 15:04")
	}
	fmt.Fprintf(t, "%s, opened %s, %s\n", plain(d.party.Name), d.party.Opened.Local().Format("2006-01-02 15:04"), end)
	fmt.Fprintln(t, "\nWATCHED\tFROM\tRAN FOR")
	for _, on := range d.Evening().Shown {
		fmt.Fprintf(t, "%s\t%s\t%s\n", on.Title, time.UnixMilli(on.At).Local().Format("15:04:05"), clock(time.Duration(on.Ran*float64(time.Second))))
	}
	fmt.Fprintln(t, "\nMEMBER\tROLE\tREGION\tTIERS\tHERE\tWATCHED")
	var here, watched time.Duration
	sofas := d.sofas()
	for _, m := range d.members {
		was, saw := d.Here(m.ID)
		here, watched = here+was, watched+saw
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", plain(m.Name)+sofas[m.ID], m.Role, regionName(m.Region), tierNames(m.Tiers), clock(was), clock(saw))
	}
	fmt.Fprintf(t, "together\t\t\t\t%s\t%s\n", clock(here), clock(watched))
	if err := t.Flush(); err != nil {
		return err
	}
	d.writeTalk(w)
	d.writeSync(w)
	d.writeBits(w)
	d.writeActs(w)
	fmt.Fprintln(w, "\nCHAT")
	for _, l := range d.lines {
		at := l.at.Local().Format("15:04:05")
		if l.Title != "" {
			at += fmt.Sprintf("  %s %s", l.Title, clock(film(l)))
		}
		if _, err := fmt.Fprintf(w, "%s  %s: %s\n", at, d.name(l.by), l.words()); err != nil {
			return err
		}
	}
	return nil
}

func (d *digest) name(id party.MemberID) string { return plain(cmp.Or(d.names[id], string(id))) }

// film is the moment of the film at which a line was said.
func film(l line) time.Duration { return time.Duration(l.Pos * float64(time.Second)) }

// words are what was done with a line, and what was said.
func (l line) words() string {
	if l.note == "" || l.Text == "" {
		return plain(l.note + l.Text)
	}
	return plain(l.note + ": " + l.Text)
}

// clock writes a duration as h:mm:ss.
func clock(d time.Duration) string {
	s := int(d.Round(time.Second) / time.Second)
	return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
}
