package cli

import (
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

// A memberChange is what the host's API takes; what is absent stays as it is.
type memberChange struct {
	Member party.MemberID       `json:"member"`
	Region *string              `json:"region,omitempty"`
	Role   *party.Role          `json:"role,omitempty"`
	Rating *int                 `json:"rating,omitempty"`
	Add    []catalog.Membership `json:"add,omitempty"`
	Drop   []string             `json:"drop,omitempty"`
	Remove bool                 `json:"remove,omitempty"`
	Ban    *bool                `json:"ban,omitempty"`
	Why    string               `json:"why,omitempty"`
	Bits   int64                `json:"bits,omitempty"`
}

func newMember(s streams) *cobra.Command {
	c := group("member", "the people the host knows: region, tiers, role, Bits",
		newMemberLs(s), newMemberLedger(s), newMemberGrant(s), newMemberLink(s), newMemberRevoke(s), newMemberRemove(s), newMemberBan(s), newMemberUnban(s), newMemberBans(s))
	return c
}

// group is a command that is only there for those below it.
func group(name, short string, below ...*cobra.Command) *cobra.Command {
	var names []string
	for _, b := range below {
		names = append(names, b.Name())
	}
	c := &cobra.Command{
		Use: name, Short: short, Args: cobra.ArbitraryArgs,
		RunE: func(*cobra.Command, []string) error {
			return &node.UsageError{Sentence: fmt.Sprintf("Say what to do: watchparty %s %s.", name, strings.Join(names, " | "))}
		},
	}
	c.AddCommand(below...)
	return c
}

func newMemberLs(s streams) *cobra.Command {
	return accountsList(s, "ls", "list everybody the house knows", "one JSON object a member, a line each", printAccounts)
}

// accountsList is a command that prints those whom the house knows.
func accountsList(s streams, use, short, asJSONUsage string, print func(streams, []party.Account, bool) error) *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use:   use,
		Short: short,
		Long:  strings.ToUpper(short[:1]) + short[1:] + ". It works whether the host is running or not.",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			m, err := remember(c.Context(), data)
			if err != nil {
				return err
			}
			defer m.close()
			accounts, err := m.accounts(c.Context())
			if err != nil {
				return err
			}
			return print(s, accounts, asJSON)
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the host")
	c.Flags().BoolVar(&asJSON, "json", false, asJSONUsage)
	return c
}

func printAccounts(s streams, accounts []party.Account, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(s.out)
		for _, a := range accounts {
			err := enc.Encode(struct {
				Event string `json:"event"`
				party.Account
			}{"member", a})
			if err != nil {
				return err
			}
		}
		return nil
	}
	if len(accounts) == 0 {
		_, err := fmt.Fprintln(s.out, "Nobody is known here yet.")
		return err
	}
	t := tabwriter.NewWriter(s.out, 0, 4, 3, ' ', 0)
	fmt.Fprintln(t, "NAME\tROLE\tREGION\tTIERS\tRATING\tBITS\tSEEN\tID")
	for _, a := range accounts {
		rating := "any"
		if a.Rating > 0 {
			rating = fmt.Sprint("up to ", a.Rating)
		}
		seen := time.UnixMilli(a.Seen).Format("2006-01-02 15:04")
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", plain(a.Name), a.Role, regionName(a.Region), tierNames(a.Tiers), rating, a.Bits, seen, a.ID)
	}
	return t.Flush()
}

func regionName(r catalog.Region) string {
	if r == "" || r == catalog.Somewhere {
		return "-"
	}
	return string(r)
}

func tierNames(held []catalog.Membership) string {
	if len(held) == 0 {
		return "-"
	}
	var names []string
	for _, m := range held {
		name := string(m.Tier)
		if !m.Until.IsZero() {
			name += " until " + m.Until.Local().Format("2006-01-02 15:04")
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

type grantOptions struct {
	data, region, role, until string
	tiers                     []string
	rating                    int
	bits                      int64
	json                      bool
}

func newMemberGrant(s streams) *cobra.Command {
	o := grantOptions{}
	c := &cobra.Command{
		Use:   "grant ID",
		Short: "give somebody a membership, a region, a role, a rating or Bits",
		Long: "Tell the running host what is true of somebody from now on. It holds at once, mid-film too. ID is what\n" +
			"`watchparty member ls` shows, or a name that only one person has.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			q, err := o.change(c.Flags().Changed("rating"))
			if err != nil {
				return err
			}
			return changeMember(c.Context(), o.data, args[0], q, o.json, s)
		},
	}
	f := c.Flags()
	f.StringVar(&o.data, "data", stateDir(), "data folder of the running host")
	f.StringArrayVar(&o.tiers, "tier", nil, "membership to give; may be given again")
	f.StringVar(&o.until, "until", "", "end of the membership: a date (its first moment) or a time as RFC 3339")
	f.StringVar(&o.region, "region", "", "country of their house, two letters")
	f.StringVar(&o.role, "role", "", "guest, trusted or moderator")
	f.IntVar(&o.rating, "rating", 0, "highest rating they may watch, an age in years; 0 is any")
	f.Int64Var(&o.bits, "bits", 0, "Bits to give; a negative number takes some back")
	f.BoolVar(&o.json, "json", false, "print one JSON object")
	aboutGuest(f, "region")
	return c
}

// change makes the flags a request.
func (o grantOptions) change(rated bool) (q memberChange, err error) {
	until, err := untilOf(o.until)
	if err != nil {
		return q, err
	}
	if err := checkTiers(o.tiers); err != nil {
		return q, err
	}
	q.Bits = o.bits
	q.Add = memberships(o.tiers, until)
	if o.region != "" {
		if _, err := regionOf(o.region); err != nil {
			return q, err
		}
		q.Region = &o.region
	}
	if o.role != "" {
		role, err := roleOf(o.role)
		if err != nil {
			return q, err
		}
		q.Role = &role
	}
	if rated {
		if o.rating < 0 {
			return q, &node.UsageError{Sentence: "--rating takes an age in years, or 0 for any."}
		}
		q.Rating = &o.rating
	}
	switch {
	case o.until != "" && len(o.tiers) == 0:
		return q, &node.UsageError{Sentence: "--until is the end of a membership: name it with --tier."}
	case len(q.Add) == 0 && q.Region == nil && q.Role == nil && q.Rating == nil && q.Bits == 0:
		return q, &node.UsageError{Sentence: "Say what to grant: --tier, --region, --role, --rating or --bits."}
	}
	return q, nil
}

// memberships are the tiers, held until a moment; the zero moment is no end.
func memberships(tiers []string, until time.Time) (held []catalog.Membership) {
	for _, t := range tiers {
		held = append(held, catalog.Membership{Tier: catalog.Tier(t), Until: until})
	}
	return held
}

// untilOf reads the end of a membership. A date stands for its first moment here,
// as in the catalog.
func untilOf(s string) (until time.Time, err error) {
	if s == "" {
		return until, nil
	}
	until, err = time.ParseInLocation(time.DateOnly, s, time.Local)
	if err != nil {
		until, err = time.Parse(time.RFC3339, s)
	}
	switch {
	case err != nil:
		return until, &node.UsageError{Sentence: fmt.Sprintf("--until %q is no date: write 2027-01-01, or 2027-01-01T20:00:00Z.", s)}
	case until.Before(time.Now()):
		return until, &node.UsageError{Sentence: fmt.Sprintf("--until %s is over already. To end a membership, use `watchparty member revoke`.", s)}
	}
	return until, nil
}

func newMemberRevoke(s streams) *cobra.Command {
	var data string
	var tiers []string
	var asJSON bool
	c := &cobra.Command{
		Use:   "revoke ID",
		Short: "take a membership from somebody",
		Long:  "Take a membership from somebody, at the running host. A film that asks for it is cut for them at once.",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if len(tiers) == 0 {
				return &node.UsageError{Sentence: "Say which membership ends, with --tier."}
			}
			if err := checkTiers(tiers); err != nil {
				return err
			}
			return changeMember(c.Context(), data, args[0], memberChange{Drop: tiers}, asJSON, s)
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the running host")
	c.Flags().StringArrayVar(&tiers, "tier", nil, "membership to take; may be given again")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func newMemberRemove(s streams) *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use:   "remove ID",
		Short: "show somebody the door and forget them",
		Long:  "Show somebody the door, at the running host: their pass ends at once, and the house forgets them.",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return changeMember(c.Context(), data, args[0], memberChange{Remove: true}, asJSON, s)
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the running host")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

// changeMember asks the running host to change what it knows of somebody, and says
// what is true of them now.
func changeMember(ctx context.Context, data, who string, q memberChange, asJSON bool, s streams) error {
	host, err := reach(ctx, data)
	if err != nil {
		return err
	}
	defer host.close()
	accounts, err := host.accounts(ctx)
	if err != nil {
		return err
	}
	if q.Member, err = findMember(accounts, who); err != nil {
		return err
	}
	var answer struct{ Member party.Account }
	if err := host.call(ctx, http.MethodPost, "/api/members", q, &answer); err != nil {
		return err
	}
	a := answer.Member
	switch {
	case asJSON:
		return json.NewEncoder(s.out).Encode(map[string]any{"event": "member", "member": a, "removed": q.Remove})
	case q.Ban != nil && *q.Ban:
		_, err = fmt.Fprintf(s.out, "%s is banned, with their passes and their devices.\n", a.Name)
	case q.Ban != nil:
		_, err = fmt.Fprintf(s.out, "%s may come in again.\n", a.Name)
	case q.Remove:
		_, err = fmt.Fprintf(s.out, "%s is removed.\n", a.Name)
	default:
		_, err = fmt.Fprintf(s.out, "%s: %s, region %s, tiers %s", a.Name, a.Role, regionName(a.Region), tierNames(a.Tiers))
		if a.Bits > 0 && err == nil {
			_, err = fmt.Fprintf(s.out, ", %d Bits", a.Bits)
		}
		if err == nil {
			_, err = fmt.Fprintln(s.out, ".")
		}
	}
	return err
}

// findMember finds somebody by ID, or by a name that nobody else has.
func findMember(accounts []party.Account, who string) (party.MemberID, error) {
	var named []party.Account
	for _, a := range accounts {
		if string(a.ID) == who {
			return a.ID, nil
		}
		if strings.EqualFold(a.Name, party.CleanName(who)) {
			named = append(named, a)
		}
	}
	switch len(named) {
	case 0:
		return "", &party.Refusal{Code: "WP-UNKNOWN", Reason: fmt.Sprintf("This house knows nobody called %q. See `watchparty member ls`.", who)}
	case 1:
		return named[0].ID, nil
	}
	var ids []string
	for _, a := range named {
		ids = append(ids, string(a.ID))
	}
	return "", &node.UsageError{Sentence: fmt.Sprintf("%d people are called %q: use an ID, %s.", len(named), who, strings.Join(ids, " or "))}
}
