package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"time"

	"watchparty/node"
	"watchparty/node/guest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// roadTime bounds one try to reach a host.
const roadTime = 4 * time.Second

// checkRoads says by which roads a host that was named is reached from here.
func checkRoads(ctx context.Context, o doctorOptions) []finding {
	const name = "host"
	if o.host == "" {
		return nil
	}
	addr, pin := o.host, ""
	if a, _, fingerprint, err := node.ParseLink(o.host); err == nil {
		addr, pin = a, fingerprint
	}
	if !isHostPort(addr) {
		return []finding{{name, problem, fmt.Sprintf("--host %q is no address: write HOST:PORT, or an invitation's link.", o.host)}}
	}
	quic, tcp := tryRoads(ctx, addr, pin)
	var refusal *party.Refusal
	switch {
	case quic == nil && tcp == nil:
		return []finding{{name, fine, addr + " lets nodes in by UDP (QUIC), and by TCP."}}
	case quic == nil:
		return []finding{{name, fine, fmt.Sprintf("%s lets nodes in by UDP (QUIC). Not by TCP: %v.", addr, tcp)}}
	case tcp == nil:
		return []finding{{name, note, addr + " lets nodes in by TCP. By UDP (QUIC) there was no answer: a firewall keeps it. Everything works; cameras may stutter."}}
	case errors.As(tcp, &refusal):
		return []finding{{name, problem, refusal.Error()}}
	}
	return []finding{{name, problem, fmt.Sprintf("%s answers neither by UDP nor by TCP. Is the host on, on the same network, and let through the firewall?", addr)}}
}

// tryRoads tries both at once; nil says that the host answers there.
func tryRoads(ctx context.Context, addr, pin string) (quic, tcp error) {
	ctx, stop := context.WithTimeout(ctx, roadTime)
	defer stop()
	e, err := guest.Socket(wire.Identity{}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err, err
	}
	defer e.Close()
	to, err := net.ResolveUDPAddr("udp", addr)
	if err != nil {
		return err, err
	}
	var all sync.WaitGroup
	all.Go(func() { _, quic = e.Dial(ctx, to, pin, wire.Control) })
	all.Go(func() { _, tcp = e.DialTCP(ctx, to, pin, wire.Control) })
	all.Wait()
	return quic, tcp
}

// checkBBR says whether films would be sent well over a network that loses packets.
func checkBBR(context.Context, doctorOptions) []finding {
	const name = "lossy networks"
	switch {
	case wire.BBR():
		return []finding{{name, fine, "The kernel has BBR: where packets are lost, films go to nodes over TCP."}}
	case runtime.GOOS != "linux":
		return nil
	}
	return []finding{{name, note, "The kernel lends no BBR, so nodes get films slowly where packets are lost: sudo modprobe tcp_bbr; " +
		"sudo sysctl -w net.ipv4.tcp_allowed_congestion_control=\"reno cubic bbr\""}}
}

// checkNodes says by which roads nodes come to the party that is running here.
func checkNodes(ctx context.Context, o doctorOptions) []finding {
	run, err := readRunFile(o.data)
	if err != nil || !answers(ctx, run.URL) {
		return nil
	}
	var counts [2]string
	for i, road := range []wire.Road{wire.ByQUIC, wire.ByTCP} {
		if counts[i], err = metric(ctx, run.URL, fmt.Sprintf("watchparty_node_connections{road=%q} ", road)); err != nil {
			return nil
		}
	}
	return []finding{{"nodes", fine, fmt.Sprintf("Connections of nodes now: %s by UDP, %s by TCP.", counts[0], counts[1])}}
}

// metric is what stands behind a name in a node's metrics.
func metric(ctx context.Context, base, name string) (string, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/metrics", nil)
	if err != nil {
		return "", err
	}
	client := &http.Client{Timeout: oneTrip, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	answer, err := client.Do(q)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	for lines := bufio.NewScanner(io.LimitReader(answer.Body, maxAnswer)); lines.Scan(); {
		if v, ok := strings.CutPrefix(lines.Text(), name); ok {
			return v, nil
		}
	}
	return "", errors.New("no such metric")
}
