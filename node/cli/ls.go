package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"watchparty/discovery"
	"watchparty/node"
)

type lsOptions struct {
	wait   time.Duration
	json   bool
	static []string
}

func newLs(s streams) *cobra.Command {
	o := lsOptions{}
	c := &cobra.Command{
		Use:   "ls",
		Short: "list the parties on this network",
		RunE:  func(c *cobra.Command, _ []string) error { return runLs(c.Context(), o, s) },
	}
	f := c.Flags()
	f.DurationVar(&o.wait, "wait", 2*time.Second, "how long to look")
	f.BoolVar(&o.json, "json", false, "one JSON object a party, a line each")
	f.StringArrayVar(&o.static, "host", nil, "HOST:PORT of a party to list as well, where multicast does not pass")
	return c
}

func runLs(ctx context.Context, o lsOptions, s streams) error {
	static, err := discovery.Static(o.static)
	if err != nil {
		return &node.UsageError{Sentence: upper(err.Error()) + "."}
	}
	found, trouble := look(ctx, o.wait, func([]discovery.Service) bool { return false })
	found = append(found, static...)
	if trouble != nil {
		fmt.Fprintln(s.err, plain(upper(trouble.Error()))+".")
	}
	if o.json {
		enc := json.NewEncoder(s.out)
		for _, svc := range found {
			object := map[string]any{"event": "party", "name": svc.Name, "id": svc.ID, "addrs": svc.HostPorts(), "port": svc.Port, "http": svc.HTTP, "via": svc.Via}
			if !svc.Next.IsZero() {
				object["next"] = svc.Next.Format(time.RFC3339)
			}
			enc.Encode(object)
		}
		return nil
	}
	if len(found) == 0 {
		fmt.Fprintln(s.out, "No party was found on this network. Join by the link or address that the host's screen shows.")
		return nil
	}
	printServices(s.out, found)
	return nil
}

// alsoTime is how long others may take to say that they are what is looked for, too (RFC 6762, 6: 120 ms).
const alsoTime = 500 * time.Millisecond

// look browses the network until done is content and nobody else has said more, or the time is over. The error
// says why nothing could be found, if multicast does not work here.
func look(ctx context.Context, wait time.Duration, done func([]discovery.Service) bool) ([]discovery.Service, error) {
	ctx, stop := context.WithTimeout(ctx, wait)
	defer stop()
	b := discovery.Browse(discovery.Config{})
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx) }()
	var enough <-chan time.Time
	for {
		select {
		case <-b.Changes():
			if enough == nil && done(b.Services()) {
				enough = time.After(alsoTime)
			}
		case <-enough:
			stop()
		case err := <-ended:
			if err == nil {
				err = b.Err()
			}
			return b.Services(), err
		}
	}
}

func printServices(w io.Writer, all []discovery.Service) {
	t := tabwriter.NewWriter(w, 0, 4, 3, ' ', 0)
	fmt.Fprintln(t, "PARTY\tADDRESS\tNEXT PARTY\tHOST KEY")
	for _, svc := range all {
		next := "-"
		if !svc.Next.IsZero() {
			next = minute(svc.Next)
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", plain(svc.Name), plain(strings.Join(svc.HostPorts(), " ")), next, plain(svc.ID))
	}
	t.Flush()
}
