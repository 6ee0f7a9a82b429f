package cli

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"watchparty/node/party"
)

func newMemberBan(s streams) *cobra.Command {
	var data, why string
	var asJSON bool
	c := &cobra.Command{
		Use:   "ban ID",
		Short: "show somebody the door for good",
		Long: "Ban somebody, at the running host, here tonight or not: their passes and the devices they joined on are kept out, at later\n" +
			"parties too, until `watchparty member unban`. ID is what `watchparty member ls` shows, or a name that only one person has.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			yes := true
			return changeMember(c.Context(), data, args[0], memberChange{Ban: &yes, Why: why}, asJSON, s)
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the running host")
	c.Flags().StringVar(&why, "why", "", "the reason, for the record")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func newMemberUnban(s streams) *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use:   "unban ID",
		Short: "lift a ban",
		Long:  "Lift a ban, at the running host: their passes are good again. `watchparty member bans` lists them.",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			no := false
			return changeMember(c.Context(), data, args[0], memberChange{Ban: &no}, asJSON, s)
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the running host")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func newMemberBans(s streams) *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use:   "bans",
		Short: "list who is banned",
		Long:  "List who is banned, since when and why. It works whether the host is running or not.",
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
			return printBans(s, accounts, asJSON)
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the host")
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object a ban, a line each")
	return c
}

func printBans(s streams, accounts []party.Account, asJSON bool) error {
	t := tabwriter.NewWriter(s.out, 0, 4, 3, ' ', 0)
	n := 0
	for _, a := range accounts {
		if a.Ban == nil {
			continue
		}
		if asJSON {
			if err := json.NewEncoder(s.out).Encode(map[string]any{"event": "ban", "member": a.ID, "name": a.Name, "ban": a.Ban}); err != nil {
				return err
			}
			continue
		}
		if n++; n == 1 {
			fmt.Fprintln(t, "NAME\tBANNED\tDEVICES\tID\tWHY")
		}
		fmt.Fprintf(t, "%s\t%s\t%d\t%s\t%s\n", plain(a.Name), time.UnixMilli(a.Ban.At).Format("2006-01-02 15:04"), len(a.Ban.Devices), a.ID, plain(a.Ban.Why))
	}
	if n == 0 && !asJSON {
		_, err := fmt.Fprintln(s.out, "Nobody is banned.")
		return err
	}
	return t.Flush()
}
