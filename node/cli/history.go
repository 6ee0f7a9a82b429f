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
	c.AddCommand(newHistoryShow(s), newHistoryImport(s))
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
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%d\t%s\n", plain(p.Name), p.Opened.Local().Format("2006-01-02 15:04"), ended, p.Members, p.Records, p.ID)
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
				return d.reels.Keepsake().WriteVTT(plainWriter{s.out}, catalog.TitleID(title))
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

// A digest is what the records of a party add up to, and what was said.
type digest struct {
	*party.Tally
	party   node.Past
	members []party.Member
	names   map[party.MemberID]string
	lines   []line
	bits    bitsReport
	audit   party.Audit
	reels   *party.Reels
}

// A line is a chat line and when it was said.
type line struct {
	party.Said
	by   party.MemberID
	at   time.Time
	note string // what was done with it
}

// digestOf folds the records once more.
func digestOf(c node.Chapter) (*digest, error) {
	d := &digest{Tally: party.NewTally(), party: c.Party, members: c.Members, names: map[party.MemberID]string{}}
	members := map[party.MemberID]party.Member{}
	for _, m := range c.Members {
		d.names[m.ID], members[m.ID] = m.Name, m
	}
	d.reels = party.NewReels(&party.State{ID: c.Party.ID, Name: c.Party.Name, Members: members})
	for _, raw := range c.Records {
		r, err := party.DecodeRecord(raw)
		if err != nil {
			return nil, err
		}
		d.Add(r)
		d.bits.add(r)
		d.audit.Add(r)
		d.bits.follow(&d.State, r)
		d.reels.Add(r)
		switch e := r.Event.(type) {
		case party.Said:
			if e.Gone {
				break
			}
			d.lines = append(d.lines, line{e, r.By, r.At, ""})
		case party.Subscribed:
			d.subscribed(e, r)
		case party.Gifted:
			d.gifted(e, r)
		case party.Quoted:
			d.quoted(e)
		default:
			d.asked(r)
		}
	}
	return d, nil
}
