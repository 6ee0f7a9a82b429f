package discovery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// A link is one interface in use, as it was when opened. When its addresses
// change it is closed and opened again: sockets of an adapter that was replaced
// stay deaf for good.
type link struct {
	ifi      net.Interface
	prefixes []netip.Prefix
	socks    []*sock
}

// same tells whether an interface still is as it was when l was opened.
func (l *link) same(ifi net.Interface, prefixes []netip.Prefix) bool {
	return l.ifi.Index == ifi.Index && l.ifi.Name == ifi.Name && slices.Equal(l.prefixes, prefixes)
}

// A packet arrived on a link from a host on the same network.
type packet struct {
	link *link
	sock *sock
	from netip.AddrPort
	data []byte
}

// links follows the interfaces of this machine. One goroutine calls refresh,
// send and close; the readers it starts only fill packets and end with close.
type links struct {
	cfg     Config
	asks    bool // open asking sockets too
	open    []*link
	packets chan packet // full: readers wait, and the kernel drops what exceeds its buffer
	done    chan struct{}
	readers sync.WaitGroup
	odd     *sparse
}

func newLinks(cfg Config, asks bool) *links {
	return &links{
		cfg: cfg, asks: asks, packets: make(chan packet, 64), done: make(chan struct{}),
		odd: &sparse{log: cfg.Log, every: 10 * time.Second},
	}
}

// refresh looks at the interfaces once. It returns the links that are gone and
// those that are new; err, which wraps ErrNoMulticast, only if none is left.
func (ls *links) refresh() (gone, fresh []*link, err error) {
	found, err := ls.cfg.Interfaces()
	var why []error
	if err != nil {
		why = append(why, err)
	}
	var keep []*link
	for _, ifi := range found {
		prefixes, err := prefixesOf(ifi)
		if err != nil || len(prefixes) == 0 {
			why = append(why, err)
			continue
		}
		if i := slices.IndexFunc(ls.open, func(l *link) bool { return l.same(ifi, prefixes) }); i >= 0 {
			keep = append(keep, ls.open[i])
			continue
		}
		l, err := ls.openLink(ifi, prefixes)
		if err != nil {
			why = append(why, err)
			continue
		}
		keep, fresh = append(keep, l), append(fresh, l)
	}
	for _, l := range ls.open {
		if !slices.Contains(keep, l) {
			l.close()
			gone = append(gone, l)
		}
	}
	ls.open = keep
	if len(keep) > 0 {
		return gone, fresh, nil
	}
	if cause := errors.Join(why...); cause != nil {
		return gone, nil, fmt.Errorf("%w (%w)", ErrNoMulticast, cause)
	}
	return gone, nil, ErrNoMulticast
}

func (ls *links) openLink(ifi net.Interface, prefixes []netip.Prefix) (*link, error) {
	l := &link{ifi: ifi, prefixes: prefixes}
	var errs []error
	add := func(v6, asks bool) {
		s, err := openSock(&ifi, v6, asks)
		if err != nil {
			errs = append(errs, err)
			return
		}
		l.socks = append(l.socks, s)
	}
	for _, v6 := range []bool{false, true} {
		if !slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Addr().Is6() == v6 }) {
			continue
		}
		add(v6, false)
		if ls.asks {
			add(v6, true)
		}
	}
	if len(l.socks) == 0 {
		return nil, errors.Join(errs...)
	}
	for _, s := range l.socks {
		ls.readers.Go(func() { ls.readFrom(l, s) })
	}
	ls.cfg.Log.Debug("discovery interface", "name", ifi.Name, "networks", len(prefixes), "err", errors.Join(errs...))
	return l, nil
}

func (l *link) close() {
	for _, s := range l.socks {
		s.conn.Close()
	}
}

// maxPacket is what RFC 6762 §17 allows. One byte more shows a longer packet.
const maxPacket = 9000

func (ls *links) readFrom(l *link, s *sock) {
	buf := make([]byte, maxPacket+1)
	for {
		n, index, from, err := s.read(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// Windows reports another host's "port unreachable" here; the socket is
			// fine. A pause keeps a lasting error from spinning.
			select {
			case <-time.After(100 * time.Millisecond):
				continue
			case <-ls.done:
				return
			}
		}
		foreign := !s.asks && index != 0 && index != l.ifi.Index
		if foreign || !onLink(l.prefixes, from.Addr()) || !concerns(buf[:n]) {
			continue
		}
		if n > maxPacket {
			ls.odd.warn("discovery packet dropped", "from", from.Addr(), "err", "longer than 9000 bytes")
			continue
		}
		select {
		case ls.packets <- packet{l, s, from, slices.Clone(buf[:n])}:
		case <-ls.done:
			return
		}
	}
}

// send multicasts b on every link, from the asking sockets or from the group
// ones. It fails only if it failed everywhere: one family or one adapter that
// does not send is common and harmless.
func (ls *links) send(b []byte, asking bool) error {
	var errs []error
	sent := false
	for _, l := range ls.open {
		for _, s := range l.socks {
			if s.asks != asking {
				continue
			}
			if err := s.send(b, s.group); err != nil {
				errs = append(errs, err)
				continue
			}
			sent = true
		}
	}
	if sent || len(errs) == 0 {
		return nil
	}
	return fmt.Errorf("%w (%w)", ErrNoMulticast, errors.Join(errs...))
}

// addrs returns the addresses of all links: in every answer stand all of them,
// because a query may be answered by another interface than the one it came to.
func (ls *links) addrs() []netip.Addr {
	var out []netip.Addr
	for _, l := range ls.open {
		for _, p := range l.prefixes {
			out = append(out, p.Addr().WithZone(""))
		}
	}
	slices.SortStableFunc(out, func(a, b netip.Addr) int { return a.BitLen() - b.BitLen() })
	return out[:min(len(out), maxAddrs)]
}

// close ends every reader and waits for them.
func (ls *links) close() {
	close(ls.done)
	for _, l := range ls.open {
		l.close()
	}
	ls.readers.Wait()
}

// sparse logs at most one line per interval and says how many it held back.
type sparse struct {
	log   *slog.Logger
	every time.Duration

	mu   sync.Mutex
	next time.Time // guarded by mu
	held int       // guarded by mu
}

func (s *sparse) warn(msg string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if now.Before(s.next) {
		s.held++
		return
	}
	s.log.Log(context.Background(), slog.LevelWarn, msg, append(args, "more", s.held)...)
	s.next, s.held = now.Add(s.every), 0
}
