package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"watchparty/media/catalog"
	"watchparty/node"
	"watchparty/node/party"
)

func newHistory(s streams) *cobra.Command {
	var data, format string
	c := &cobra.Command{
		Use:   "history",
		Short: "list past parties, or show one",
		Long:  "List the parties of a data folder, the newest first. It works whether the host is running or not.",
		RunE: func(c *cobra.Command, _ []string) error {
			if err := checkFormat(format, "text", "json"); err != nil {
				return err
			}
			m, err := remember(c.Context(), data)
			if err != nil {
				return err
			}
			defer m.close()
			parties, err := m.parties(c.Context())
			if err != nil {
				return err
			}
			if format == "json" {
				return json.NewEncoder(s.out).Encode(parties)
			}
			return printParties(s, parties)
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder")
	c.Flags().StringVar(&format, "format", "text", "text or json")
	c.AddCommand(newHistoryShow(s))
	return c
}

func checkFormat(format string, known ...string) error {
	if slices.Contains(known, format) {
		return nil
	}
	return &node.UsageError{Sentence: fmt.Sprintf("--format %q is not known: use %s.", format, strings.Join(known, " or "))}
}

func printParties(s streams, parties []node.Past) error {
	if len(parties) == 0 {
		_, err := fmt.Fprintln(s.out, "No party has been held here yet.")
		return err
	}
	t := tabwriter.NewWriter(s.out, 0, 4, 3, ' ', 0)
	fmt.Fprintln(t, "PARTY\tOPENED\tENDED\tMEMBERS\tRECORDS\tID")
	for _, p := range parties {
		ended := "-"
		if p.Ended != nil {
			ended = p.Ended.Local().Format("2006-01-02 15:04")
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%s\n", p.Name, p.Opened.Local().Format("2006-01-02 15:04"), ended, p.Members, p.Records, p.ID)
	}
	return t.Flush()
}

func newHistoryShow(s streams) *cobra.Command {
	var data, format, title string
	c := &cobra.Command{
		Use:   "show ID",
		Short: "show one party: what was watched, by whom, and what was said",
		Long: "Show one party: what was watched, who was there for how long, and what was said at which moment of the film.\n" +
			"As vtt the chat is a file of subtitles in film time, title by title; a player wants one title, named by --title.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := checkFormat(format, "text", "json", "vtt"); err != nil {
				return err
			}
			m, err := remember(c.Context(), data)
			if err != nil {
				return err
			}
			defer m.close()
			whole, err := readParty(c.Context(), m, party.ID(args[0]))
			if err != nil {
				return err
			}
			d, err := digestOf(whole)
			if err != nil {
				return err
			}
			if format == "json" {
				return json.NewEncoder(s.out).Encode(d.shownParty(whole))
			}
			if format == "vtt" {
				return d.writeVTT(s.out, catalog.TitleID(title))
			}
			return d.writeText(s.out)
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder")
	c.Flags().StringVar(&format, "format", "text", "text, json or vtt")
	c.Flags().StringVar(&title, "title", "", "with vtt: this title alone")
	return c
}

// readParty reads a party's log to its end, as one chapter.
func readParty(ctx context.Context, m memory, id party.ID) (whole node.Chapter, err error) {
	whole, err = m.chapter(ctx, id, 0)
	for more := whole; err == nil && len(more.Records) > 0; {
		var last party.Record
		if last, err = party.DecodeRecord(more.Records[len(more.Records)-1]); err != nil {
			break
		}
		if more, err = m.chapter(ctx, id, last.Seq); err == nil {
			whole.Records = append(whole.Records, more.Records...)
		}
	}
	return whole, err
}

// A digest is what the records of a party add up to.
type digest struct {
	party   node.Past
	members []party.Member
	names   map[party.MemberID]string
	shown   []showing // in the order of their first moment
	lines   []line
	here    map[party.MemberID]time.Duration // with at least one screen
	watched map[party.MemberID]time.Duration // of these while a film ran
	drift   party.Drift                      // how far screens were off
	bits    bitsReport
	waits   int // how often the film waited for somebody
	waited  time.Duration
}

// A showing is a title that was on, and how much of it ran.
type showing struct {
	title catalog.TitleID
	at    time.Time
	ran   time.Duration
}

// A line is a chat line and when it was said.
type line struct {
	party.Said
	by   party.MemberID
	at   time.Time
	note string // what was done with it
}

// digestOf folds the records once more and adds up what happened between each and
// the next.
func digestOf(c node.Chapter) (*digest, error) {
	d := &digest{
		party: c.Party, members: c.Members, names: map[party.MemberID]string{},
		here: map[party.MemberID]time.Duration{}, watched: map[party.MemberID]time.Duration{},
	}
	for _, m := range c.Members {
		d.names[m.ID] = m.Name
	}
	state := &party.State{}
	var since time.Time
	for _, raw := range c.Records {
		r, err := party.DecodeRecord(raw)
		if err != nil {
			return nil, err
		}
		until := r.At
		if e, ok := r.Event.(party.Resumed); ok { // nobody watched while the host was away
			until = until.Add(-time.Duration(e.Away) * time.Millisecond)
		}
		if !since.IsZero() && until.After(since) {
			d.pass(state, since, until)
			d.hold(state, since, until)
		}
		before := state.Timeline
		state.Apply(r)
		d.bits.add(r)
		since = r.At
		switch e := r.Event.(type) {
		case party.Measured:
			d.drift = d.drift.Plus(e.Drift)
		case party.Said:
			d.lines = append(d.lines, line{e, r.By, r.At, ""})
		case party.Subscribed:
			d.subscribed(e, r)
		case party.Gifted:
			d.gifted(e, r)
		case party.Timed:
			d.holds(before, e)
			if e.Title != "" && d.showing(e.Title) == nil {
				d.shown = append(d.shown, showing{title: e.Title, at: r.At})
			}
		}
	}
	return d, nil
}

func (d *digest) showing(id catalog.TitleID) *showing {
	for i := range d.shown {
		if d.shown[i].title == id {
			return &d.shown[i]
		}
	}
	return nil
}

// pass counts a stretch of time in which the state stayed as it was.
func (d *digest) pass(s *party.State, from, to time.Time) {
	ran := s.Timeline.Position(to) - s.Timeline.Position(from)
	if on := d.showing(s.Timeline.Title); on != nil {
		on.ran += ran
	}
	for id, m := range s.Members {
		if len(m.Screens) > 0 {
			d.here[id] += to.Sub(from)
			d.watched[id] += ran
		}
	}
}
