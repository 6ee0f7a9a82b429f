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
	var why string
	c := banning(s, true, &why, "ban ID", "show somebody the door for good",
		"Ban somebody, at the running host, here tonight or not: their passes and the devices they joined on are kept out, at later\n"+
			"parties too, until `watchparty member unban`. ID is what `watchparty member ls` shows, or a name that only one person has.")
	c.Flags().StringVar(&why, "why", "", "the reason, for the record")
	return c
}

func newMemberUnban(s streams) *cobra.Command {
	return banning(s, false, new(string), "unban ID", "lift a ban",
		"Lift a ban, at the running host: their passes are good again. `watchparty member bans` lists them.")
}

// banning is a command that bans, or lifts a ban.
func banning(s streams, ban bool, why *string, use, short, long string) *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use: use, Short: short, Long: long, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return changeMember(c.Context(), data, args[0], memberChange{Ban: &ban, Why: *why}, asJSON, s)
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the running host")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}

func newMemberBans(s streams) *cobra.Command {
	return accountsList(s, "bans", "list who is banned, since when and why", "one JSON object a ban, a line each", printBans)
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
