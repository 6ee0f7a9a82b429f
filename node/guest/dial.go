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

// How long QUIC may take before TCP is tried as well: long enough for a handshake over a bad link, short enough to be
// waited for where UDP never comes through. It is less where it did not the last time.
const (
	headStart = 1500 * time.Millisecond
	headAgain = 400 * time.Millisecond
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

// DialAny connects to the first address at which the host with this key answers, by QUIC or, if that has no answer for
// as long as head, by TCP. Only one connection is kept, and nothing was said on the others.
func DialAny(ctx context.Context, e *wire.Endpoint, addrs []string, pin string, use wire.Use, head time.Duration) (*wire.Peer, net.Addr, error) {
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
			results <- dialOne(ctx, e, a, pin, use, head)
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

// dialOne tries both roads to one address.
func dialOne(ctx context.Context, e *wire.Endpoint, hostPort, pin string, use wire.Use, head time.Duration) dialled {
	if err := ctx.Err(); err != nil {
		return dialled{err: err}
	}
	addr, err := resolve(ctx, hostPort)
	if err != nil {
		return dialled{err: err}
	}
	outer := ctx
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	quic := make(chan dialled, 1)
	go func() {
		peer, err := e.Dial(ctx, addr, pin, use)
		quic <- dialled{peer, addr, err}
	}()
	late := time.After(head)
	select {
	case d := <-quic:
		if d.err == nil || answered(d.err) || ctx.Err() != nil {
			return d
		}
		quic <- d // UDP cannot even be sent
	case <-late:
	case <-ctx.Done():
		return <-quic
	}
	tcp := make(chan dialled, 1)
	go func() {
		peer, err := e.DialTCP(ctx, addr, pin, use)
		tcp <- dialled{peer, addr, err}
	}()
	won := first(quic, tcp, stop)
	if won.peer == nil && !isRefusal(won.err) && !errors.Is(outer.Err(), context.Canceled) {
		won.err = &party.Refusal{Code: "WP-UNREACHABLE", Reason: "Nobody answers at " + hostPort +
			", by UDP or by TCP. Is the host on, on the same network, and not behind a firewall?"}
	}
	return won
}

// first is the connection that was there first, and if there is none, the error that says most. The other one is ended.
func first(quic, tcp chan dialled, stop func()) (won dialled) {
	for range 2 {
		var d dialled
		select {
		case d = <-quic:
			quic = nil
		case d = <-tcp:
			tcp = nil
		}
		switch {
		case d.err == nil && won.peer != nil:
			d.peer.Close(wire.CodeDone, "")
		case d.err == nil || won.err == nil && won.peer == nil || won.peer == nil && isRefusal(d.err):
			won = d
		}
		if d.err == nil || answered(d.err) {
			stop()
		}
	}
	return won
}

// answered says whether the host, or whoever has its address, refused: no other road is better then.
func answered(err error) bool {
	var r *party.Refusal
	return errors.As(err, &r) && r.Code != "WP-UNREACHABLE" && r.Code != "WP-UDP-BLOCKED"
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
// pin, that of whoever answered. Where the host lets newcomers in one by one, it waits, and says so to OnWait.
func Join(ctx context.Context, cfg Config, j wire.Join) (joined wire.Joined, fingerprint string, err error) {
	e, err := Socket(cfg.Identity, cfg.Log)
	if err != nil {
		return joined, "", err
	}
	defer e.Close()
	for waits := false; ; {
		peer, _, err := cfg.dial(ctx, e)
		if err != nil {
			return joined, "", err
		}
		// From here on nobody else is asked: they would be told the PIN, or let this node in at another party.
		cfg.Pin = peer.Fingerprint()
		for err == nil {
			if joined, err = joinBy(ctx, peer, j); err == nil {
				peer.Close(wire.CodeDone, "")
				return joined, cfg.Pin, nil
			}
			if !isWait(err) {
				break
			}
			if !waits && cfg.OnWait != nil {
				cfg.OnWait()
			}
			waits, err = true, pause(ctx, waitPause)
		}
		peer.Close(wire.CodeDone, "")
		if !waits || isRefusal(err) || ctx.Err() != nil {
			return joined, "", err
		}
		if err := pause(ctx, waitPause); err != nil { // the connection broke: the host still knows who waits
			return joined, "", err
		}
	}
}

// waitPause is how long after an answer a node at the door asks again.
const waitPause = time.Second

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func isWait(err error) bool {
	var r *party.Refusal
	return errors.As(err, &r) && r.Code == "WP-WAIT"
}

func joinBy(ctx context.Context, p *wire.Peer, j wire.Join) (joined wire.Joined, err error) {
	ctx, stop := context.WithTimeout(ctx, askTime)
	defer stop()
	answer, _, err := ask(ctx, p, j)
	if err != nil {
		return joined, err
	}
	joined, ok := answer.(wire.Joined)
	if !ok {
		err = fmt.Errorf("join: unexpected answer %T", answer)
	}
	return joined, err
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
		if _, long := question.(wire.Get); !long { // else the host learns by its end that nobody waits any more
			s.CloseWrite()
		}
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

// Check says whether the pass is good, without following the party.
func Check(ctx context.Context, cfg Config) error {
	e, err := Socket(cfg.Identity, cfg.Log)
	if err != nil {
		return err
	}
	defer e.Close()
	peer, _, err := cfg.dial(ctx, e)
	if err != nil {
		return err
	}
	defer peer.Close(wire.CodeDone, "")
	return answers(ctx, peer, cfg.Token)
}

// answers says whether a host takes questions by a connection: it is asked for a title that does not exist, and any answer but
// that the pass is void will do.
func answers(ctx context.Context, peer *wire.Peer, token string) error {
	_, s, err := ask(ctx, peer, wire.Get{Token: token, Part: "file", Head: true})
	if s != nil {
		s.Cancel(wire.CodeDone)
	}
	var refusal *party.Refusal
	if errors.As(err, &refusal) && refusal.Code != wire.ByePass && refusal.Code != wire.ByeRemoved && refusal.Code != wire.ByeBanned {
		return nil
	}
	return err
}
