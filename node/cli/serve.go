package cli

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"watchparty/media/demo"
	"watchparty/node"
)

type serveOptions struct {
	name, as, catalog, emotes, data, cache, listen, region, geoip, pin, remote, log, ui string
	names                                                                               []string
	admit, https, noMDNS, json, open                                                    bool
	camera                                                                              int
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
	f.StringVar(&o.emotes, "emotes", "", "folder of pictures that stand in the chat for their :names:; default the folder emotes beside the catalog")
	f.StringVar(&o.data, "data", stateDir(), "folder that keeps everything")
	f.StringVar(&o.cache, "cache-size", "10GB", "room that converted films may take in the data folder, such as 500MB or 20GB; 0 converts none")
	f.StringVar(&o.listen, "listen", ":8470", "address for pages (TCP) and nodes (UDP); port 0 picks one")
	f.IntVar(&o.camera, "camera-port", 8471, "port for cameras, UDP and TCP; another is taken if it is in use")
	f.StringVar(&o.region, "region", "", "country of this house, two letters; default from the system's locale")
	f.StringVar(&o.geoip, "geoip", "", "MaxMind file that tells the country of guests from outside, such as GeoLite2-Country.mmdb")
	f.StringVar(&o.pin, "pin", "", "first PIN, six digits; it changes after five wrong tries")
	f.BoolVar(&o.admit, "admit", false, "newcomers wait at the door until you let them in, each by a tap on the desk")
	f.StringArrayVar(&o.names, "allow-host", nil, "host name under which the page may be opened, besides addresses and localhost")
	f.BoolVar(&o.https, "https", false, "serve pages over HTTPS too, at the same port, with a certificate of this house: for guests' cameras")
	f.BoolVar(&o.noMDNS, "no-mdns", false, "do not announce the party on the network")
	f.StringVar(&o.remote, "remote", "", "let friends elsewhere in by `watchparty join`: opens the port for nodes, never for pages, at the router; =permanent also at one that keeps it open until the host stops")
	f.Lookup("remote").NoOptDefVal = node.RemoteOn
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

// remoteOf reads --remote.
func remoteOf(text string) (string, error) {
	switch strings.ToLower(text) {
	case "", "off", "no", "false", "0":
		return node.RemoteOff, nil
	case "on", "yes", "true", "1":
		return node.RemoteOn, nil
	case node.RemotePermanent:
		return node.RemotePermanent, nil
	}
	return "", &node.UsageError{Sentence: fmt.Sprintf("--remote=%s is none of on, off and permanent.", text)}
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
	cache, err := sizeOf(o.cache)
	if err != nil {
		return err
	}
	if o.remote, err = remoteOf(o.remote); err != nil {
		return err
	}
	if o.name == "" {
		o.name = "Movie night"
	}
	p := newPrinter(s.out, o.json)
	h, err := node.OpenHost(ctx, node.HostConfig{
		Name: o.name, Host: o.as, Data: o.data, Catalog: o.catalog, Emotes: o.emotes, Cache: cache, Camera: node.Camera, CameraPort: o.camera, Listen: o.listen, Region: region, PIN: o.pin, Admit: o.admit,
		HTTPS: o.https, MDNS: !o.noMDNS, Remote: o.remote, GeoIP: o.geoip, Names: o.names, Demo: node.Demo{Catalog: demo.Catalog(), Files: demo.Files()},
		UI: uiFiles(o.ui), Version: version(), Log: log, Tell: p.tell,
	})
	if err != nil {
		return err
	}
	defer p.run()()
	group, gctx := errgroup.WithContext(ctx)
	group.Go(func() error { return h.Run(gctx) })
	group.Go(func() error {
		ready, err := h.Ready(gctx)
		if err != nil {
			return nil // Run says why
		}
		p.ready(ready, region)
		if o.geoip != "" {
			p.tell(geoIPRule(o.geoip))
		}
		if lost := h.Salvaged(); lost != "" {
			fmt.Fprintln(s.err, lost)
		}
		if o.open {
			defer openDesk(o.data, ready.Desk, s)()
		}
		<-gctx.Done()
		return nil
	})
	return group.Wait()
}
