package auth

import (
	"net/netip"
	"time"

	"golang.org/x/time/rate"
)

// How often the door may be tried. Wrong PINs are counted per address and over
// all, so that many addresses gain nothing: with a new PIN after five wrong ones a
// guesser has 0.7 % in a day of it. Who has the link is never kept waiting by them.
const (
	addrEvery, addrBurst    = 3 * time.Second, 5
	allEvery, allBurst      = 12 * time.Second, 20
	joinsRate, joinsBurst   = 10, 200 // passes a second, from anywhere
	knocksRate, knocksBurst = 1, 64   // at the door a second, from anywhere
	knownAddrs              = 1024
)

// door limits what strangers may try. It belongs to who holds Auth's lock.
type door struct {
	wrong  *rate.Limiter
	joins  *rate.Limiter
	knocks *rate.Limiter
	addrs  map[netip.Prefix]*rate.Limiter
}

func newDoor() *door {
	return &door{
		rate.NewLimiter(rate.Every(allEvery), allBurst), rate.NewLimiter(joinsRate, joinsBurst), rate.NewLimiter(knocksRate, knocksBurst),
		map[netip.Prefix]*rate.Limiter{},
	}
}

func network(addr netip.Addr) netip.Prefix {
	bits := 64
	if addr = addr.Unmap(); addr.Is4() {
		bits = 32
	}
	n, _ := addr.WithZone("").Prefix(bits)
	return n
}

// of is the limiter of an address; a network of IPv6 counts as one (RFC 6177).
// When too many are known, those that owe nothing are forgotten.
func (d *door) of(addr netip.Addr, now time.Time) *rate.Limiter {
	network := network(addr)
	if l := d.addrs[network]; l != nil {
		return l
	}
	if len(d.addrs) >= knownAddrs {
		for n, l := range d.addrs {
			if l.TokensAt(now) >= addrBurst {
				delete(d.addrs, n)
			}
		}
	}
	l := rate.NewLimiter(rate.Every(addrEvery), addrBurst)
	if len(d.addrs) < knownAddrs {
		d.addrs[network] = l
	}
	return l
}

// mayGuess says whether a PIN from this address is compared at all.
func (d *door) mayGuess(addr netip.Addr, now time.Time) bool {
	return d.wrong.TokensAt(now) >= 1 && d.of(addr, now).TokensAt(now) >= 1
}

// guessedWrong takes what a wrong PIN costs.
func (d *door) guessedWrong(addr netip.Addr, now time.Time) {
	d.wrong.AllowN(now, 1)
	d.of(addr, now).AllowN(now, 1)
}

// mayKnock takes what a knock costs.
func (d *door) mayKnock(addr netip.Addr, now time.Time) bool {
	return d.of(addr, now).AllowN(now, 1) && d.knocks.AllowN(now, 1)
}

func tooFast() error {
	return refuse("WP-SLOW", "That was tried too often: wait a moment, or use the host's link or QR code.")
}
