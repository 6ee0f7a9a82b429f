package router

import (
	"context"
	"net"
	"net/netip"
	"time"

	"github.com/libp2p/go-netroute"
)

// beyond is an address outside, for the way there; it is in no home (RFC 5737).
var beyond = net.IPv4(203, 0, 113, 1)

// Find finds the router that this machine's way outside leads through. One that is known is not searched for while it answers.
func Find(ctx context.Context, known Gate) ([]Gate, error) {
	lost := &Trouble{none, "This machine has no way to the internet over IPv4."}
	routes, err := netroute.New()
	if err != nil {
		return nil, lost
	}
	_, gateway, source, err := routes.Route(beyond)
	if err != nil {
		return nil, lost
	}
	own, ok := netip.AddrFromSlice(source.To4())
	if !ok {
		return nil, lost
	}
	if public(own) == nil {
		return []Gate{direct{own}}, nil
	}
	router, ok := netip.AddrFromSlice(gateway.To4())
	if !ok {
		return nil, lost
	}
	if stands(ctx, known, own, router) {
		return []Gate{known}, nil
	}
	return ask(ctx, own, router)
}

// stands tells whether a gate that is known is still the way of this machine, and answers.
func stands(ctx context.Context, known Gate, own, router netip.Addr) bool {
	if known == nil {
		return false
	}
	if is := known.Asked(0); is.Gateway != router || is.Inside.Addr() != own {
		return false
	}
	ip, err := known.Outside(ctx)
	return err == nil && public(ip) == nil
}

// Look finds the router and its address outside, and opens nothing. An error is a [*Trouble] where a person can do
// something about it.
func Look(ctx context.Context) (way string, outside netip.Addr, err error) {
	gates, err := Find(ctx, nil)
	for _, g := range gates {
		if outside, err = g.Outside(ctx); err == nil {
			return g.Asked(0).Way, outside, public(outside)
		}
	}
	return "", outside, err
}

// ask asks a router what it speaks.
func ask(ctx context.Context, own, router netip.Addr) (gates []Gate, err error) {
	pmp := newPMP(own, router)
	if _, err = pmp.Outside(ctx); err == nil {
		return []Gate{pmp}, nil
	}
	for _, kind := range []string{"1", "2"} {
		gates, err = upnp(ctx, own, router, "urn:schemas-upnp-org:device:InternetGatewayDevice:"+kind)
		if len(gates) > 0 {
			return gates, nil
		}
	}
	return nil, &Trouble{none, "The router answers neither to NAT-PMP nor to UPnP. Allow one of them in its settings, or forward the party's UDP port to this machine there."}
}

// direct is no router: this machine is in the internet itself.
type direct struct{ own netip.Addr }

func (d direct) Asked(port uint16) Opening {
	return Opening{Way: Direct, Inside: netip.AddrPortFrom(d.own, port)}
}

func (d direct) Outside(context.Context) (netip.Addr, error) { return d.own, nil }

func (d direct) Holds(context.Context, uint16, uint16) bool { return true }

func (d direct) Open(_ context.Context, inside, _ uint16, _ bool) (uint16, time.Duration, error) {
	return inside, 0, nil
}

func (d direct) Close(context.Context, uint16, uint16) error { return nil }
