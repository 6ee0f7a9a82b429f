package wire

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"watchparty/node/party"
)

// DialTCP connects as [Endpoint.Dial] does, by TCP. WP-UDP-BLOCKED says that something answers there, but takes no
// nodes by TCP.
func (e *Endpoint) DialTCP(ctx context.Context, addr net.Addr, pin string, use Use) (*Peer, error) {
	want, err := parsePin(pin)
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	ctx, stop := context.WithTimeout(ctx, shakeTime)
	defer stop()
	d := net.Dialer{Control: shortSegments}
	conn, err := d.DialContext(ctx, "tcp", addr.String())
	if err != nil {
		return nil, fmt.Errorf("dial %s by TCP: %w", addr, err)
	}
	t := tls.Client(conn, overTCP(guestTLS(e.cfg.Identity, want)))
	if err := t.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, shakeError(ctx, addr, err)
	}
	c, err := newTCP(t, tune(conn), false, use, nil)
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("dial %s by TCP: %w", addr, err)
	}
	p := e.adopt(c, t.ConnectionState(), false)
	if p == nil {
		return nil, net.ErrClosed
	}
	return p, nil
}

func shakeError(ctx context.Context, addr net.Addr, err error) error {
	const full = tls.AlertError(80) // internal_error, RFC 8446 §6.2: what a host says that has no room
	if r, ok := errors.AsType[*party.Refusal](err); ok {
		return r
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "remote error" && op.Err.Error() == full.Error() {
		b := Goodbye(ByeFull)
		return &party.Refusal{Code: b.Code, Reason: b.Reason}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("dial %s by TCP: %w", addr, err)
	}
	return &party.Refusal{Code: "WP-UDP-BLOCKED", Reason: "Something answers at " + addr.String() + ", but UDP does not come through to it, and it takes no " +
		"nodes over TCP. Let UDP through the firewalls between, bring the host up to date, or open http://" + addr.String() + "/ in a browser."}
}
