package router

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/huin/goupnp"
	"github.com/huin/goupnp/dcps/internetgateway2"
	"github.com/huin/goupnp/httpu"
	"github.com/huin/goupnp/soap"
	"github.com/huin/goupnp/ssdp"
)

const (
	// search is how long routers are listened for.
	search = 2 * time.Second
	// maxText is the most of a router's answers that is read, in bytes.
	maxText = 256 << 10
	// others is how many other ports are tried where one is taken.
	others = 3
)

// Errors of WANIPConnection:2, 2.5.16.
const (
	conflict      = 718 // ConflictInMappingEntry
	onlyPermanent = 725 // OnlyPermanentLeasesSupported
)

// A wan is one of the services by which a router opens ports.
type wan interface {
	GetExternalIPAddressCtx(context.Context) (string, error)
	AddPortMappingCtx(ctx context.Context, remoteHost string, external uint16, protocol string, internal uint16, client string, enabled bool, description string, lease uint32) error
	GetSpecificPortMappingEntryCtx(ctx context.Context, remoteHost string, external uint16, protocol string) (internal uint16, client string, enabled bool, description string, lease uint32, err error)
	DeletePortMappingCtx(ctx context.Context, remoteHost string, external uint16, protocol string) error
}

// igd is a router that speaks UPnP.
type igd struct {
	own, router netip.Addr
	location    string
	wan         wan
}

// upnp finds the services of a router. Whoever else answers is not listened to.
func upnp(ctx context.Context, own, router netip.Addr, device string) (gates []Gate, err error) {
	client, err := httpu.NewHTTPUClientAddr(own.String())
	if err != nil {
		return nil, fmt.Errorf("UPnP: %w", err)
	}
	defer client.Close()
	looking, stop := context.WithTimeout(ctx, search)
	defer stop()
	answers, err := ssdp.RawSearch(looking, client, device, 2)
	if err != nil {
		return nil, fmt.Errorf("UPnP: %w", err)
	}
	for _, a := range answers {
		at, errAt := a.Location()
		if errAt != nil {
			continue
		}
		found, errDesc := described(ctx, own, router, at)
		gates, err = append(gates, found...), errors.Join(err, errDesc)
	}
	return gates, err
}

// described reads what a router says of itself.
func described(ctx context.Context, own, router netip.Addr, at *url.URL) (gates []Gate, err error) {
	root, err := goupnp.DeviceByURLCtx(context.WithValue(ctx, onlyKey{}, router), at)
	if err != nil {
		return nil, fmt.Errorf("UPnP: %w", err)
	}
	add := func(w wan, c *soap.SOAPClient) {
		c.HTTPClient = *visitor
		gates = append(gates, &igd{own, router, at.String(), w})
	}
	two, _ := internetgateway2.NewWANIPConnection2ClientsFromRootDevice(root, at)
	for _, c := range two {
		add(c, c.SOAPClient)
	}
	one, _ := internetgateway2.NewWANIPConnection1ClientsFromRootDevice(root, at)
	for _, c := range one {
		add(c, c.SOAPClient)
	}
	ppp, _ := internetgateway2.NewWANPPPConnection1ClientsFromRootDevice(root, at)
	for _, c := range ppp {
		add(c, c.SOAPClient)
	}
	return gates, nil
}

func (g *igd) Asked(port uint16) Opening {
	return Opening{Way: UPnP, Gateway: g.router, Location: g.location, Inside: netip.AddrPortFrom(g.own, port)}
}

func (g *igd) only(ctx context.Context) context.Context {
	return context.WithValue(ctx, onlyKey{}, g.router)
}

func (g *igd) Outside(ctx context.Context) (netip.Addr, error) {
	text, err := g.wan.GetExternalIPAddressCtx(g.only(ctx))
	if err != nil {
		return netip.Addr{}, fmt.Errorf("UPnP: %w", err)
	}
	ip, _ := netip.ParseAddr(strings.TrimSpace(text)) // a router without a connection says nothing or 0.0.0.0
	return ip.Unmap(), nil
}

func (g *igd) Holds(ctx context.Context, inside, outside uint16) bool {
	port, client, enabled, _, _, err := g.wan.GetSpecificPortMappingEntryCtx(g.only(ctx), "", outside, "UDP")
	return err == nil && enabled && port == inside && client == g.own.String()
}

func (g *igd) Open(ctx context.Context, inside, outside uint16, permanent bool) (uint16, time.Duration, error) {
	lease := life
	for try := 0; ; {
		err := g.wan.AddPortMappingCtx(g.only(ctx), "", outside, "UDP", inside, g.own.String(), true, "watchparty", uint32(lease/time.Second))
		switch code := fault(err); {
		case err == nil:
			return outside, lease, nil
		case code == onlyPermanent && !permanent:
			return 0, 0, &Trouble{"WP-REMOTE-PERMANENT", "The router would keep the port open until it is closed, also if this machine is switched off. If that is fine, say so: serve --remote=permanent. It is closed when the host stops, and at its next start after a crash."}
		case code == onlyPermanent && lease > 0:
			lease = 0
		case code == conflict && try < others:
			try, outside = try+1, uint16(49152+rand.IntN(1<<14)) // dynamic ports (RFC 6335, 6)
		default:
			return 0, 0, fmt.Errorf("UPnP: %w", err)
		}
	}
}

func (g *igd) Close(ctx context.Context, _, outside uint16) error {
	if err := g.wan.DeletePortMappingCtx(g.only(ctx), "", outside, "UDP"); err != nil && fault(err) == 0 { // a fault: it is not there
		return fmt.Errorf("UPnP: %w", err)
	}
	return nil
}

// fault is the number of a router's refusal; 0: it is none.
func fault(err error) int {
	var f *soap.SOAPFaultError
	if !errors.As(err, &f) {
		return 0
	}
	return f.Detail.UPnPError.Errorcode
}

type onlyKey struct{}

// visitor asks a router by HTTP: the one in the request's context and no other, whatever addresses
// descriptions and redirects name; and it hears only the beginning of endless answers.
var visitor = &http.Client{
	Timeout:   5 * time.Second,
	Transport: onlyRouter{&http.Transport{DisableKeepAlives: true, ResponseHeaderTimeout: 4 * time.Second, MaxResponseHeaderBytes: 16 << 10}},
}

func init() { goupnp.HTTPClientDefault = visitor } // the library has no other way to be told

type onlyRouter struct{ http.RoundTripper }

func (o onlyRouter) RoundTrip(r *http.Request) (*http.Response, error) {
	router, _ := r.Context().Value(onlyKey{}).(netip.Addr)
	if ip, err := netip.ParseAddr(r.URL.Hostname()); err != nil || ip.Unmap() != router || r.URL.Scheme != "http" {
		return nil, fmt.Errorf("%s is not the router", r.URL.Host)
	}
	answer, err := o.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, maxText), answer.Body}
	}
	return answer, err
}
