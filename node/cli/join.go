package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os/user"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/sync/errgroup"

	"watchparty/discovery"
	"watchparty/node"
	"watchparty/node/party"
)

type joinOptions struct {
	name, pin, listen, data, log, ui string
	wait                             time.Duration
	json, open, knock                bool
	player                           playerOptions
}

func newJoin(s streams) *cobra.Command {
	o := joinOptions{}
	c := &cobra.Command{
		Use:   "join [LINK | - | HOST:PORT | NAME | KEY]",
		Short: "join a party with a node of your own",
		Long: "Join a party and serve its page on this machine. The party is an invitation's link, a host's address, or the name\n" +
			"or host's key under which it is seen on this network; without any, the only party there, or the list of them.\n" +
			"What stands on a command line others on the machine may read: with - the link is read from stdin, and\n" +
			"WATCHPARTY_LINK brings one, too. By NAME without a PIN the host is asked to let you in.\n" +
			"With --json every record of the party is a line on stdout, and each line on stdin is a wish.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			target, err := target(args, s)
			if err != nil {
				return err
			}
			o.player.set = c.Flags().Changed("offset")
			return runJoin(c.Context(), o, target, s)
		},
	}
	f := c.Flags()
	f.StringVar(&o.name, "name", "", "your name at the party; default the user's")
	f.StringVar(&o.pin, "pin", "", "the party's PIN, where there is no invitation")
	f.BoolVar(&o.knock, "knock", false, "have the host let you in, where there is neither an invitation nor a PIN; by NAME this is so by itself")
	o.player.addFlags(f)
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "address of your own page")
	f.StringVar(&o.data, "data", stateDir("guest"), "folder that keeps your pass")
	f.DurationVar(&o.wait, "wait", 3*time.Second, "how long to look for parties")
	f.BoolVar(&o.json, "json", false, "records on stdout, wishes on stdin")
	f.BoolVar(&o.open, "open", false, "open the page in the browser")
	addCommon(f, &o.log, &o.ui)
	return c
}

func addCommon(f *pflag.FlagSet, log, ui *string) {
	f.StringVar(log, "log", "warn", "least level of the log: debug, info, warn, error")
	f.StringVar(ui, "ui", "", "folder with the page's files, while working on them")
}

func runJoin(ctx context.Context, o joinOptions, target string, s streams) error {
	log, err := newLog(s, o.log)
	if err != nil {
		return err
	}
	if o.name == "" {
		o.name = userName()
	}
	cfg := node.GuestConfig{Name: o.name, PIN: o.pin, Knock: o.knock, Screen: "node", Listen: o.listen, Data: o.data, UI: uiFiles(o.ui), Camera: node.Camera, MDNS: true, Log: log}
	screen, err := o.player.apply(&cfg)
	if err != nil {
		return err
	}
	if err := aim(ctx, &cfg, target, o.wait, s); err != nil {
		return err
	}
	var lines *lineWriter
	cfg.Tell = func(e node.Event) {
		if o.json {
			lines.object(map[string]any{"event": e.Kind, "roads": e.Body})
		} else {
			fmt.Fprintln(s.out, e.Text)
		}
	}
	cfg.Waits = func(key string) { atTheDoor(s.out, key, o.json) }
	g, err := openGuest(ctx, cfg, o.json, s)
	if err != nil {
		return err
	}
	group, gctx := errgroup.WithContext(ctx)
	if o.json {
		lines = newLineWriter(gctx, s.out)
		defer lines.run()()
		lines.object(g.Joined())
	} else {
		fmt.Fprintf(s.out, "You are in. Your page: %s\nCtrl-C leaves.\n", g.Joined().URL)
	}
	group.Go(func() error { return g.Run(gctx) })
	if o.json {
		group.Go(func() error {
			return g.Follow(gctx, func(r party.Record) { lines.line(r.Bytes()) })
		})
		go readLines(gctx, wishesOf(gctx, g), s.in, lines) // a read of stdin cannot be ended: it ends with the process
	} else if screen != nil {
		go reopen(g, s.in) // the same
	}
	if screen != nil {
		group.Go(func() error {
			screen.say(gctx, lines, s.out)
			return nil
		})
	}
	if o.open {
		if err := openBrowser(g.Joined().URL); err != nil {
			fmt.Fprintln(s.err, err)
		}
	}
	return group.Wait()
}

// atTheDoor says that the host has to let this node in.
func atTheDoor(out io.Writer, key string, json bool) {
	if json {
		fmt.Fprintf(out, "{\"event\":\"waiting\",\"key\":%q}\n", key)
		return
	}
	fmt.Fprintf(out, "You are at the door. The host sees you, with the key %s, and lets you in. Ctrl-C goes away.\n", key)
}

// wishesOf answers lines of stdin: wishes to the party, and to the node's own player.
func wishesOf(ctx context.Context, g *node.Guest) func(line []byte) map[string]any {
	return func(line []byte) map[string]any {
		if answer, ok := playerLine(g, line); ok {
			return answer
		}
		return answerTo(line, func(w party.Wish) error {
			_, err := g.Wish(ctx, w)
			return err
		})
	}
}

func userName() string {
	u, err := user.Current()
	if err != nil {
		return "Guest"
	}
	if u.Name != "" {
		return u.Name
	}
	return u.Username
}

// aim finds out where to go.
func aim(ctx context.Context, cfg *node.GuestConfig, target string, wait time.Duration, s streams) error {
	link := strings.Trim(target, "'") // Windows' cmd hands the quotes on that the desk's command has for other shells
	switch {
	case strings.HasPrefix(link, "http://") || strings.HasPrefix(link, "https://"):
		addr, secret, fingerprint, err := node.ParseLink(link)
		cfg.Addrs, cfg.Secret, cfg.Pin = []string{addr}, secret, fingerprint
		return err
	case isHostPort(target):
		cfg.Addrs = []string{target}
		return nil
	}
	found, err := look(ctx, wait, func(all []discovery.Service) bool {
		return target != "" && len(named(all, target)) > 0
	})
	if err != nil && len(found) == 0 {
		if target != "" {
			return &node.UnreachedError{Sentence: upper(err.Error()) + ".", Err: err}
		}
		fmt.Fprintln(s.err, upper(err.Error())+".")
	}
	return choose(cfg, found, target, s.err)
}

// choose takes the party of a name or key among those found, or the only one, and says what there is where that is not clear.
func choose(cfg *node.GuestConfig, found []discovery.Service, target string, out io.Writer) error {
	if target != "" {
		found = named(found, target)
	}
	switch len(found) {
	case 1:
		cfg.Addrs, cfg.Pin = found[0].HostPorts(), found[0].ID
		cfg.Knock = cfg.Knock || cfg.PIN == ""
		return nil
	case 0:
		if target == "" {
			return nil // the node may know its host from before
		}
		err := errors.New("nothing found")
		return &node.UnreachedError{Sentence: fmt.Sprintf("No party called %q was found on this network. "+
			"Give the link or the address that the host's screen shows.", target), Err: err}
	}
	printServices(out, found)
	if target != "" {
		return &node.UsageError{Sentence: "More than one party is called that. Join one by its key, as in `watchparty join " + found[0].ID +
			"`: the host's desk and doctor show theirs. Or by the link that the host's screen shows."}
	}
	return &node.UsageError{Sentence: "There is more than one party: join one by name, key or address."}
}

// named are the parties of a name, or the one whose host has that key.
func named(all []discovery.Service, name string) (out []discovery.Service) {
	key := strings.ToLower(strings.ReplaceAll(name, " ", ""))
	for _, svc := range all {
		if strings.EqualFold(svc.Name, name) || svc.ID != "" && svc.ID == key {
			out = append(out, svc)
		}
	}
	return out
}

func isHostPort(s string) bool {
	_, port, err := net.SplitHostPort(s)
	n, nerr := strconv.Atoi(port)
	return err == nil && nerr == nil && n > 0 && n < 1<<16
}
