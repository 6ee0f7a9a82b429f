package guest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"watchparty/node/party"
	"watchparty/node/wire"
)

// dialTime is how long one address may take before the next is tried as well
// (RFC 8305 calls for less on one network; a host lists several networks).
const (
	dialTime    = 4 * time.Second
	dialStagger = 300 * time.Millisecond
)

// Socket opens a UDP socket of one's own for dialling.
func Socket(id wire.Identity, log *slog.Logger) (*wire.Endpoint, error) {
	conn, err := net.ListenPacket("udp", ":0")
	if err != nil {
		return nil, fmt.Errorf("open UDP socket: %w", err)
	}
	return wire.NewEndpoint(conn, wire.Config{Identity: id, Log: log}), nil
}

type dialled struct {
	peer *wire.Peer
	addr net.Addr
	err  error
}

// DialAny connects to the first address at which the host with this key answers.
func DialAny(ctx context.Context, e *wire.Endpoint, addrs []string, pin string, use wire.Use) (*wire.Peer, net.Addr, error) {
	if len(addrs) == 0 {
		return nil, nil, errors.New("dial: no address")
	}
	ctx, stop := context.WithTimeout(ctx, dialTime+time.Duration(len(addrs))*dialStagger)
	defer stop()
	results := make(chan dialled, len(addrs))
	for i, a := range addrs {
		go func() {
			select {
			case <-time.After(time.Duration(i) * dialStagger):
			case <-ctx.Done():
			}
			peer, addr, err := dialOne(ctx, e, a, pin, use)
			results <- dialled{peer, addr, err}
		}()
	}
	var first error
	var won dialled
	for range addrs {
		d := <-results
		switch {
		case d.err == nil && won.peer == nil:
			won = d
			stop()
		case d.err == nil:
			d.peer.Close(wire.CodeDone, "")
		case first == nil || isRefusal(d.err) && !isRefusal(first):
			first = d.err
		}
	}
	if won.peer != nil {
		return won.peer, won.addr, nil
	}
	return nil, nil, first
}

func isRefusal(err error) bool {
	var r *party.Refusal
	return errors.As(err, &r)
}

func dialOne(ctx context.Context, e *wire.Endpoint, hostPort, pin string, use wire.Use) (*wire.Peer, net.Addr, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	addr, err := resolve(ctx, hostPort)
	if err != nil {
		return nil, nil, err
	}
	peer, err := e.Dial(ctx, addr, pin, use)
	return peer, addr, err
}

func resolve(ctx context.Context, hostPort string) (*net.UDPAddr, error) {
	host, port, err := net.SplitHostPort(hostPort)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", hostPort, err)
	}
	n, err := net.DefaultResolver.LookupPort(ctx, "udp", port)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", hostPort, err)
	}
	ips, err := net.DefaultResolver.LookupIPAddr(ctx, host)
	if err != nil || len(ips) == 0 {
		return nil, fmt.Errorf("dial %s: %w", hostPort, err)
	}
	for _, ip := range ips {
		if ip.IP.To4() != nil {
			return &net.UDPAddr{IP: ip.IP, Port: n, Zone: ip.Zone}, nil
		}
	}
	return &net.UDPAddr{IP: ips[0].IP, Port: n, Zone: ips[0].Zone}, nil
}

// Join asks a host for a pass. It also tells the host's fingerprint: with an empty
// pin, that of whoever answered.
func Join(ctx context.Context, cfg Config, j wire.Join) (joined wire.Joined, fingerprint string, err error) {
	e, err := Socket(cfg.Identity, cfg.Log)
	if err != nil {
		return joined, "", err
	}
	defer e.Close()
	peer, _, err := DialAny(ctx, e, cfg.Addrs, cfg.Pin, wire.Control)
	if err != nil {
		return joined, "", err
	}
	defer peer.Close(wire.CodeDone, "")
	answer, _, err := ask(ctx, peer, j)
	if err != nil {
		return joined, "", err
	}
	joined, ok := answer.(wire.Joined)
	if !ok {
		return joined, "", fmt.Errorf("join: unexpected answer %T", answer)
	}
	return joined, peer.Fingerprint(), nil
}

// ask opens a stream for one question and reads the first frame of the answer.
func ask(ctx context.Context, p *wire.Peer, question wire.Frame) (wire.Frame, *wire.Stream, error) {
	s, err := p.OpenStream(ctx)
	if err != nil {
		return nil, nil, err
	}
	// A host that has answered reads no further; what we were still writing then
	// does not matter.
	var answer wire.Frame
	if err = s.WriteFrame(ctx, question); err == nil || errors.Is(err, wire.ErrUnwanted) {
		s.CloseWrite()
		answer, err = s.ReadFrame(ctx)
	}
	if refused, ok := answer.(wire.Refused); ok {
		err = refused.Refusal()
	}
	if err != nil {
		s.Cancel(wire.CodeDone)
		return nil, nil, err
	}
	return answer, s, nil
}

// Check says whether the pass is good, without following the party: it asks for a
// title that does not exist, and any answer but that the pass is void will do.
func Check(ctx context.Context, cfg Config) error {
	e, err := Socket(cfg.Identity, cfg.Log)
	if err != nil {
		return err
	}
	defer e.Close()
	peer, _, err := DialAny(ctx, e, cfg.Addrs, cfg.Pin, wire.Control)
	if err != nil {
		return err
	}
	defer peer.Close(wire.CodeDone, "")
	_, s, err := ask(ctx, peer, wire.Get{Token: cfg.Token, Part: "file", Head: true})
	if s != nil {
		s.Cancel(wire.CodeDone)
	}
	var refusal *party.Refusal
	if errors.As(err, &refusal) && refusal.Code != wire.ByePass && refusal.Code != wire.ByeRemoved {
		return nil
	}
	return err
}
