package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"watchparty/media/catalog"
	"watchparty/node/auth"
)

func newInviteLs(s streams) *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use:   "ls",
		Short: "list the invitations that are still good",
		Long:  "List the invitations by which somebody may still come, at the running host. Their links are told once only, when they are made.",
		Args:  cobra.NoArgs,
		RunE:  func(c *cobra.Command, _ []string) error { return runInviteLs(c.Context(), data, asJSON, s) },
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the running host")
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object an invitation, a line each")
	return c
}

func runInviteLs(ctx context.Context, data string, asJSON bool, s streams) error {
	host, err := reach(ctx, data)
	if err != nil {
		return err
	}
	defer host.close()
	var there struct{ Invitations []auth.Outstanding }
	if err := host.call(ctx, http.MethodGet, "/api/invites", nil, &there); err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(s.out)
		for _, inv := range there.Invitations {
			err := enc.Encode(struct {
				Event string `json:"event"`
				auth.Outstanding
			}{"invitation", inv})
			if err != nil {
				return err
			}
		}
		return nil
	}
	if len(there.Invitations) == 0 {
		_, err := fmt.Fprintln(s.out, "No invitation is out, but for the one that is always on the desk.")
		return err
	}
	t := tabwriter.NewWriter(s.out, 0, 4, 3, ' ', 0)
	fmt.Fprintln(t, "ID\tROLE\tREGION\tTIERS\tUSES LEFT\tUNTIL")
	for _, inv := range there.Invitations {
		until := "-"
		if inv.Expires != 0 {
			until = time.UnixMilli(inv.Expires).Format("2006-01-02 15:04")
		}
		var held []catalog.Membership
		for _, tier := range inv.Tiers {
			held = append(held, catalog.Membership{Tier: tier})
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t%s\n", inv.ID, inv.Role, regionName(inv.Region), tierNames(held), inv.Uses, until)
	}
	return t.Flush()
}

func newInviteRevoke(s streams) *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "revoke ID",
		Short: "void an invitation",
		Long:  "Void an invitation at the running host: nobody comes by its link any more. Who came by it stays; see `watchparty member remove`.",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			host, err := reach(c.Context(), data)
			if err != nil {
				return err
			}
			defer host.close()
			var done struct{ Revoked bool }
			if err := host.call(c.Context(), http.MethodPost, "/api/invites/"+url.PathEscape(args[0])+"/revoke", struct{}{}, &done); err != nil {
				return err
			}
			_, err = fmt.Fprintln(s.out, "Nobody comes by that invitation any more.")
			return err
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the running host")
	return c
}
