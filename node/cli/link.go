package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/mdp/qrterminal/v3"
	"github.com/spf13/cobra"

	"watchparty/node/party"
)

func newMemberLink(s streams) *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use:   "link ID",
		Short: "let another device of somebody's in, as the same person",
		Long: "Make a link and a code, at the running host, that let one more device of somebody's in as the same person, once,\n" +
			"within five minutes. The code is typed at the door in the place of the PIN.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			host, err := reach(c.Context(), data)
			if err != nil {
				return err
			}
			defer host.close()
			accounts, err := host.accounts(c.Context())
			if err != nil {
				return err
			}
			id, err := findMember(accounts, args[0])
			if err != nil {
				return err
			}
			var made struct {
				Link    string `json:"link"`
				Code    string `json:"code"`
				Expires int64  `json:"expires"`
			}
			if err := host.call(c.Context(), http.MethodPost, "/api/link", map[string]party.MemberID{"member": id}, &made); err != nil {
				return err
			}
			until := time.UnixMilli(made.Expires)
			if asJSON {
				return json.NewEncoder(s.out).Encode(map[string]any{"event": "link", "link": made.Link, "code": made.Code, "expires": until.Format(time.RFC3339)})
			}
			qrterminal.GenerateHalfBlock(made.Link, qrterminal.M, s.out)
			_, err = fmt.Fprintf(s.out, "\n%s\n\nCode: %s %s\nOne device can come in with either, until %s.\n", made.Link, made.Code[:4], made.Code[4:], until.Format("15:04:05"))
			return err
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the running host")
	c.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return c
}
