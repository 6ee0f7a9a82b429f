package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/mdp/qrterminal/v3"
	"github.com/spf13/cobra"

	"watchparty/node"
	"watchparty/node/party"
)

type inviteOptions struct {
	data, region, role string
	tiers              []string
	uses, rating       int
	ttl                time.Duration
	json               bool
}

func newInvite(s streams) *cobra.Command {
	o := inviteOptions{}
	c := &cobra.Command{
		Use:   "invite",
		Short: "make a link with its own region, tiers, role, uses and expiry",
		Long: "Make an invitation at the running host: a link and its QR code. Whoever comes with it gets its region, tiers\n" +
			"and role; these are facts that the host keeps, and no guest can change them.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return runInvite(c.Context(), o, s) },
	}
	c.AddCommand(newInviteLs(s), newInviteRevoke(s))
	f := c.Flags()
	f.StringVar(&o.data, "data", stateDir(), "data folder of the running host")
	f.StringVar(&o.region, "region", "", "country of the guest's house, two letters; default the host's")
	f.StringArrayVar(&o.tiers, "tier", nil, "membership the guest holds; may be given again")
	f.StringVar(&o.role, "role", "guest", "guest, trusted or moderator")
	f.IntVar(&o.uses, "uses", 1, "how many people may come with it")
	f.DurationVar(&o.ttl, "ttl", 24*time.Hour, "how long it is good, such as 90m; 0 is without end")
	f.IntVar(&o.rating, "rating", 0, "highest rating the guest may watch, an age in years; 0 is any")
	f.BoolVar(&o.json, "json", false, "print one JSON object")
	aboutGuest(f, "region")
	return c
}

func runInvite(ctx context.Context, o inviteOptions, s streams) error {
	role, err := roleOf(o.role)
	if err != nil {
		return err
	}
	switch {
	case o.uses < 1:
		return &node.UsageError{Sentence: "--uses takes a number of people, 1 or more."}
	case o.ttl < 0:
		return &node.UsageError{Sentence: "--ttl takes a duration such as 90m or 24h, or 0 for no end."}
	case o.rating < 0:
		return &node.UsageError{Sentence: "--rating takes an age in years, or 0 for any."}
	}
	if o.region != "" {
		if _, err := regionOf(o.region); err != nil {
			return err
		}
	}
	if err := checkTiers(o.tiers); err != nil {
		return err
	}
	host, err := reach(ctx, o.data)
	if err != nil {
		return err
	}
	defer host.close()
	var made struct {
		Link    string
		Outside string
		Expires int64
	}
	err = host.call(ctx, http.MethodPost, "/api/invites", map[string]any{
		"region": o.region, "tiers": o.tiers, "rating": o.rating, "role": role, "uses": o.uses, "ttl": o.ttl.String(),
	}, &made)
	if err != nil {
		return err
	}
	return printInvite(o, made.Link, made.Outside, made.Expires, s)
}

func printInvite(o inviteOptions, link, outside string, expires int64, s streams) error {
	if o.json {
		object := map[string]any{"event": "invite", "link": link, "expires": nil}
		if outside != "" {
			object["outside"] = outside
		}
		if expires != 0 {
			object["expires"] = time.UnixMilli(expires).Format(time.RFC3339)
		}
		return json.NewEncoder(s.out).Encode(object)
	}
	qrterminal.GenerateHalfBlock(link, qrterminal.M, s.out)
	fmt.Fprintf(s.out, "\n%s\n\n", link)
	if outside != "" {
		fmt.Fprintf(s.out, "For a friend elsewhere, who has watchparty:\n%s\n\n", outside)
	}
	who := "One person can"
	if o.uses > 1 {
		who = fmt.Sprintf("%d people can", o.uses)
	}
	until := "without end"
	if expires != 0 {
		until = "until " + time.UnixMilli(expires).Format("2 January 2006, 15:04")
	}
	as := []string{"as " + o.role}
	if o.region != "" {
		as = append(as, "from "+strings.ToUpper(o.region))
	}
	if len(o.tiers) > 0 {
		as = append(as, "with "+strings.Join(o.tiers, " and "))
	}
	_, err := fmt.Fprintf(s.out, "%s join with this link, %s, %s.\n", who, strings.Join(as, " "), until)
	return err
}

// roleOf reads a role that somebody may be given.
func roleOf(name string) (role party.Role, err error) {
	if err := role.UnmarshalText([]byte(name)); err != nil || role >= party.Host {
		return 0, &node.UsageError{Sentence: fmt.Sprintf("--role %q is none to give: use guest, trusted or moderator.", name)}
	}
	return role, nil
}

// checkTiers refuses what no catalog can ask for.
func checkTiers(tiers []string) error {
	for _, t := range tiers {
		if t == "" || len(t) > 64 || strings.ContainsAny(t, " \t\n") {
			return &node.UsageError{Sentence: fmt.Sprintf("--tier %q is no membership: a word is wanted, as the catalog writes it.", t)}
		}
	}
	return nil
}
