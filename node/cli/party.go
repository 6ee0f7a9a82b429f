package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"watchparty/media/catalog"
	"watchparty/node"
	"watchparty/node/party"
)

const scheduledPath = "/api/desk/scheduled"

func newParty(s streams) *cobra.Command {
	return group("party", "parties to come: list, add, call off", newPartyLs(s), newPartyAdd(s),
		newPartyChange(s, "link ID", "make one more link to a party to come", "Make one more link to a party to come, for whoever has none. Whoever opens it sees a countdown until the doors open.",
			map[string]any{"link": true}),
		newPartyChange(s, "open ID", "open its doors now", "Open the doors of a party to come now. If no party is on, it begins, and its film waits for its moment.",
			map[string]any{"open": true}),
		newPartyChange(s, "cancel ID", "call it off", "Call a party off that is to come. Whoever has a link to it is told so, and is not let in.",
			map[string]any{"cancel": true}))
}

func newPartyLs(s streams) *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use:   "ls",
		Short: "list the parties to come",
		Long:  "List the parties to come at the running host, the next first.",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			host, err := reach(c.Context(), data)
			if err != nil {
				return err
			}
			defer host.close()
			all, err := host.scheduled(c.Context())
			if err != nil {
				return err
			}
			return printScheduled(s, all, asJSON)
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the running host")
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a party, a line each")
	return c
}

func (r *remote) scheduled(ctx context.Context) ([]party.Scheduled, error) {
	var there struct{ Scheduled []party.Scheduled }
	err := r.call(ctx, http.MethodGet, scheduledPath, nil, &there)
	return there.Scheduled, err
}

func printScheduled(s streams, all []party.Scheduled, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(s.out)
		for _, p := range all {
			err := enc.Encode(struct {
				Event string `json:"event"`
				party.Scheduled
			}{"scheduled", p})
			if err != nil {
				return err
			}
		}
		return nil
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(s.out, "No party is to come. Add one with `watchparty party add`.")
		return err
	}
	t := tabwriter.NewWriter(s.out, 0, 4, 3, ' ', 0)
	fmt.Fprintln(t, "PARTY\tBEGINS\tDOORS\tTITLE\tSTATE\tID")
	for _, p := range all {
		doors := p.Moment().Add(-time.Duration(p.Doors) * time.Minute)
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", plain(p.Name), minute(p.Moment()), doors.Local().Format("15:04"), cmp.Or(string(p.Title), "-"), stateOf(p), p.ID)
	}
	return t.Flush()
}

func minute(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

func stateOf(p party.Scheduled) string {
	switch {
	case p.Cancelled:
		return "called off"
	case p.Begun:
		return "begun"
	case p.Open(time.Now()):
		return "doors open"
	}
	return "to come"
}

type partyOptions struct {
	data, at, title string
	doors           time.Duration
	json            bool
}

func newPartyAdd(s streams) *cobra.Command {
	o := partyOptions{}
	c := &cobra.Command{
		Use:   "add NAME",
		Short: "fix a party: its name, moment and film, and a link to it",
		Long: "Fix a party at the running host, and make a link to it. Whoever opens the link sees a countdown, and is let in when\n" +
			"the doors open. If no party is on by then, this one begins, and its film at its moment.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			at, err := momentOf(o.at)
			if err != nil {
				return err
			}
			if o.doors < 0 || o.doors%time.Minute != 0 {
				return &node.UsageError{Sentence: "--doors takes whole minutes, such as 30m."}
			}
			return askScheduled(c.Context(), o.data, "", map[string]any{
				"name": args[0], "at": at.UnixMilli(), "doors": int(o.doors / time.Minute), "title": catalog.TitleID(o.title), "link": true,
			}, o.json, s)
		},
	}
	f := c.Flags()
	f.StringVar(&o.data, "data", stateDir(), "data folder of the running host")
	f.StringVar(&o.at, "at", "", "when it begins: '2027-01-01 20:00' by this machine's clock, or a time as RFC 3339")
	f.StringVar(&o.title, "title", "", "ID of the title that is shown; none if absent")
	f.DurationVar(&o.doors, "doors", 15*time.Minute, "how long before guests are let in")
	f.BoolVar(&o.json, "json", false, "print one JSON object")
	return c
}

// momentOf reads when a party begins.
func momentOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, &node.UsageError{Sentence: "Say when it begins, with --at '2027-01-01 20:00'."}
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, time.Local)
	if err != nil {
		at, err = time.Parse(time.RFC3339, text)
	}
	if err != nil {
		return at, &node.UsageError{Sentence: fmt.Sprintf("--at %q is no moment: write '2027-01-01 20:00', or 2027-01-01T20:00:00Z.", text)}
	}
	return at, nil
}

func newPartyChange(s streams, use, short, long string, what map[string]any) *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use: use, Short: short, Long: long + " ID is what `watchparty party ls` shows, or a name that only one has.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return askScheduled(c.Context(), data, args[0], what, asJSON, s)
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the running host")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// askScheduled asks the running host to change a party to come, or under an empty name to add one, and says what became of it.
func askScheduled(ctx context.Context, data, which string, what map[string]any, asJSON bool, s streams) error {
	host, err := reach(ctx, data)
	if err != nil {
		return err
	}
	defer host.close()
	ask := map[string]any{}
	for k, v := range what {
		ask[k] = v
	}
	if which != "" {
		all, err := host.scheduled(ctx)
		if err != nil {
			return err
		}
		if ask["id"], err = findScheduled(all, which); err != nil {
			return err
		}
	}
	var done struct {
		Scheduled party.Scheduled
		Link      string
	}
	if err := host.call(ctx, http.MethodPost, scheduledPath, ask, &done); err != nil {
		return err
	}
	p := done.Scheduled
	if asJSON {
		return json.NewEncoder(s.out).Encode(struct {
			Event string `json:"event"`
			party.Scheduled
			Link string `json:"link,omitempty"`
		}{"scheduled", p, done.Link})
	}
	if p.Cancelled {
		_, err = fmt.Fprintf(s.out, "%s is called off.\n", plain(p.Name))
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s begins %s; %s.\n", plain(p.Name), minute(p.Moment()), doorsOf(p))
	if done.Link != "" && err == nil {
		_, err = fmt.Fprintf(s.out, "\n%s\n\nWhoever opens this link sees a countdown, and is let in when the doors open.\n", done.Link)
	}
	return err
}

func doorsOf(p party.Scheduled) string {
	if p.Opened {
		return "its doors are open"
	}
	return "its doors open " + minute(p.Moment().Add(-time.Duration(p.Doors)*time.Minute))
}

// findScheduled finds a party to come by ID, or by a name that no other has.
func findScheduled(all []party.Scheduled, which string) (party.ID, error) {
	var named []string
	for _, p := range all {
		if string(p.ID) == which {
			return p.ID, nil
		}
		if strings.EqualFold(p.Name, party.CleanName(which)) {
			named = append(named, string(p.ID))
		}
	}
	switch len(named) {
	case 0:
		return "", &party.Refusal{Code: "WP-UNKNOWN", Reason: fmt.Sprintf("No party called %q is to come. See `watchparty party ls`.", which)}
	case 1:
		return party.ID(named[0]), nil
	}
	return "", &node.UsageError{Sentence: fmt.Sprintf("%d parties are called %q: use an ID, %s.", len(named), which, strings.Join(named, " or "))}
}
