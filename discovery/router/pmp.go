package router

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"

	natpmp "github.com/jackpal/go-nat-pmp"
)

// patience is how long a router may take over NAT-PMP; one that speaks it answers in milliseconds.
const patience = time.Second

// noNetwork is how the library says that the router has no connection (RFC 6886, 3.5).
const noNetwork = "Non-zero result code 3 "

// pmp is a router that speaks NAT-PMP. It sends only to the router, and hears only it.
type pmp struct {
	own, router netip.Addr
	client      *natpmp.Client
}

func newPMP(own, router netip.Addr) *pmp {
	return &pmp{own, router, natpmp.NewClientWithTimeout(router.AsSlice(), patience)}
}

func (p *pmp) Asked(port uint16) Opening {
	return Opening{Way: NATPMP, Gateway: p.router, Inside: netip.AddrPortFrom(p.own, port)}
}

func (p *pmp) Outside(context.Context) (netip.Addr, error) {
	a, err := p.client.GetExternalAddress()
	if err != nil && strings.HasPrefix(err.Error(), noNetwork) {
		return netip.Addr{}, nil
	}
	if err != nil {
		return netip.Addr{}, fmt.Errorf("NAT-PMP: %w", err)
	}
	return netip.AddrFrom4(a.ExternalIPAddress), nil
}

// Holds says no: the protocol has no such question. To ask for the port anew is one, and costs as little.
func (p *pmp) Holds(context.Context, uint16, uint16) bool { return false }

func (p *pmp) Open(_ context.Context, inside, outside uint16, _ bool) (uint16, time.Duration, error) {
	m, err := p.client.AddPortMapping("udp", int(inside), int(outside), int(life/time.Second))
	if err != nil {
		return 0, 0, fmt.Errorf("NAT-PMP: %w", err)
	}
	granted := time.Duration(m.PortMappingLifetimeInSeconds) * time.Second
	if granted == 0 || m.MappedExternalPort == 0 {
		return 0, 0, fmt.Errorf("NAT-PMP: no port for %d", inside)
	}
	return m.MappedExternalPort, granted, nil
}

// Close closes it: a life of nothing (RFC 6886, 3.4).
func (p *pmp) Close(_ context.Context, inside, _ uint16) error {
	if _, err := p.client.AddPortMapping("udp", int(inside), 0, 0); err != nil {
		return fmt.Errorf("NAT-PMP: %w", err)
	}
	return nil
}
