package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"

	"github.com/mdp/qrterminal/v3"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"watchparty/media/catalog"
	"watchparty/media/demo"
	"watchparty/node"
)

type serveOptions struct {
	name, as, catalog, data, listen, region, pin, log, ui string
	names                                                 []string
	noMDNS, json, open                                    bool
}

func newServe(s streams) *cobra.Command {
	o := serveOptions{}
	c := &cobra.Command{
		Use:   "serve",
		Short: "host a party and print where to join",
		Long: "Host a party: serve the catalog's films, or the embedded demo titles without one, and print where to join.\n" +
			"A party that was going on when the host stopped is taken up again.",
		RunE: func(c *cobra.Command, _ []string) error { return runServe(c.Context(), o, s) },
	}
	f := c.Flags()
	f.StringVar(&o.name, "name", "", "name of the party, as others see it (default \"Movie night\")")
	f.StringVar(&o.as, "as", "Host", "your own name at the party")
	f.StringVar(&o.catalog, "catalog", "", "catalog file; without one, the demo titles")
	f.StringVar(&o.data, "data", stateDir(), "folder that keeps everything")
	f.StringVar(&o.listen, "listen", ":8470", "address for pages (TCP) and nodes (UDP); port 0 picks one")
	f.StringVar(&o.region, "region", "", "country of this house, two letters; default from the system's locale")
	f.StringVar(&o.pin, "pin", "", "first PIN, six digits; it changes after five wrong tries")
	f.StringArrayVar(&o.names, "allow-host", nil, "host name under which the page may be opened, besides addresses and localhost")
	f.BoolVar(&o.noMDNS, "no-mdns", false, "do not announce the party on the network")
	f.BoolVar(&o.json, "json", false, "say what happens as JSON, one object a line")
	f.BoolVar(&o.open, "open", false, "open the desk in the browser")
	addCommon(f, &o.log, &o.ui)
	return c
}

// uiFiles is the folder of the page's files while somebody works on them; nil for
// the embedded ones.
func uiFiles(dir string) fs.FS {
	if dir == "" {
		return nil
	}
	return os.DirFS(dir)
}

func runServe(ctx context.Context, o serveOptions, s streams) error {
	log, err := newLog(s, o.log)
	if err != nil {
		return err
	}
	region, err := regionOf(o.region)
	if err != nil {
		return err
	}
	if o.name == "" {
		o.name = "Movie night"
	}
	p := &printer{s: s, json: o.json}
	h, err := node.OpenHost(ctx, node.HostConfig{
		Name: o.name, Host: o.as, Data: o.data, Catalog: o.catalog, Listen: o.listen, Region: region, PIN: o.pin,
		MDNS: !o.noMDNS, Names: o.names, Demo: node.Demo{Catalog: demo.Catalog(), Files: demo.Files()},
		UI: uiFiles(o.ui), Version: version(), Log: log, Tell: p.tell,
	})
	if err != nil {
		return err
	}
	group, gctx := errgroup.WithContext(ctx)
	group.Go(func() error { return h.Run(gctx) })
	group.Go(func() error {
		ready, err := h.Ready(gctx)
		if err != nil {
			return nil // Run says why
		}
		p.ready(ready, h.Salvaged(), region)
		if o.open {
			return openBrowser(ready.Desk)
		}
		return nil
	})
	return group.Wait()
}

// printer says what happens: to programs on stdout, to people on stdout too, since
// that is what the command is for.
type printer struct {
	s    streams
	json bool
	mu   sync.Mutex
	up   bool // the ready line is out
	held []node.Event
}

func (p *printer) object(v any) {
	b, err := json.Marshal(v)
	if err == nil {
		fmt.Fprintf(p.s.out, "%s\n", b)
	}
}

// tell prints an event, after the ready line at the earliest.
func (p *printer) tell(e node.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.up {
		p.held = append(p.held, e)
		return
	}
	p.print(e)
}

func (p *printer) print(e node.Event) {
	if !p.json {
		if e.Text != "" {
			fmt.Fprintln(p.s.out, e.Text)
		}
		return
	}
	object := map[string]any{"event": e.Kind}
	if b, err := json.Marshal(e.Body); err == nil {
		json.Unmarshal(b, &object)
	}
	object["event"] = e.Kind
	p.object(object)
}

func (p *printer) ready(r node.Ready, salvaged string, region catalog.Region) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.json {
		p.object(r)
	} else {
		p.welcome(r, region)
	}
	if salvaged != "" {
		fmt.Fprintln(p.s.err, salvaged)
	}
	p.up = true
	for _, e := range p.held {
		p.print(e)
	}
	p.held = nil
}

func (p *printer) welcome(r node.Ready, region catalog.Region) {
	w := p.s.out
	fmt.Fprintf(w, "%s is on. Your desk: %s\n\n", r.Name, r.Desk)
	fmt.Fprintf(w, "Guests scan this, or open %s and give the PIN %s\n\n", strings.TrimSuffix(r.URLs[0], "/"), r.PIN)
	qrterminal.GenerateHalfBlock(r.Invite, qrterminal.M, w)
	fmt.Fprintf(w, "\nInvitation: %s\n", r.Invite)
	titles := fmt.Sprintf("%d titles", r.Titles)
	if r.Demo {
		titles += ", the demo: give your own with --catalog FILE"
	}
	fmt.Fprintln(w, titles+".")
	if region == "" {
		fmt.Fprintln(w, "No region is known for this house: set it with --region, such as --region FR.")
	}
	fmt.Fprintln(w, "Ctrl-C ends.")
}
