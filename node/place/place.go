// Package place tells the country of an address of the internet, from a file in MaxMind's format that the
// house has. It asks nobody. Who is in the house itself is never looked up.
package place

import (
	"errors"
	"io"
	"io/fs"
	"net"
	"net/netip"
	"os"

	"github.com/oschwald/maxminddb-golang/v2"

	"watchparty/media/catalog"
)

const (
	maxFile = 192 << 20 // bytes: cities of the world take a third of it
	looked  = 2000      // entries among which one must have a country
)

// A File knows countries. It may be read by many.
type File struct {
	db *maxminddb.Reader
	// Kind is what its maker calls it, such as "GeoLite2-Country".
	Kind string
}

// Open reads a file of countries or cities whole, so that it may be replaced or cut short while a party is
// on. Its error is a [Fault].
func Open(name string) (*File, error) {
	b, err := read(name)
	if err != nil {
		return nil, err
	}
	db, err := maxminddb.OpenBytes(b)
	if err != nil {
		return nil, ErrBroken.because(name, err)
	}
	f := &File{db, db.Metadata.DatabaseType}
	if !f.knowsCountries() {
		return nil, ErrKind.because(name, nil)
	}
	return f, nil
}

func read(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrMissing.because(name, err)
	case err != nil:
		return nil, ErrUnread.because(name, err)
	case !info.Mode().IsRegular():
		return nil, ErrBroken.because(name, nil)
	case info.Size() > maxFile:
		return nil, ErrLarge.because(name, nil)
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, ErrUnread.because(name, err)
	}
	defer file.Close()
	b := make([]byte, info.Size())
	if _, err := io.ReadFull(file, b); err != nil {
		return nil, ErrUnread.because(name, err)
	}
	return b, nil
}

// knowsCountries looks at what the file holds, since makers name their files as they like.
func (f *File) knowsCountries() bool {
	n := 0
	for entry := range f.db.Networks() {
		if _, ok := country(entry); ok {
			return true
		}
		if n++; n == looked {
			break
		}
	}
	return false
}

func country(entry maxminddb.Result) (catalog.Region, bool) {
	var code string
	if err := entry.DecodePath(&code, "country", "iso_code"); err != nil {
		return "", false
	}
	return catalog.ParseRegion(code)
}

// Of is the country of an address of the internet, [catalog.Somewhere] if the file does not know it. An
// address of the house is not looked up: then outside is false.
func (f *File) Of(ip netip.Addr) (region catalog.Region, outside bool) {
	ip = ip.Unmap().WithZone("")
	if !isOutside(ip, networks()) {
		return "", false
	}
	if region, ok := country(f.db.Lookup(ip)); ok {
		return region, true
	}
	return catalog.Somewhere, true
}

// shared are addresses that providers put many homes behind (RFC 6598), and VPNs their members.
var shared = netip.MustParsePrefix("100.64.0.0/10")

// isOutside says whether an address is of the internet, and of none of the networks this machine is in: at
// home, addresses of IPv6 are the internet's too.
func isOutside(ip netip.Addr, own []netip.Prefix) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || shared.Contains(ip) {
		return false
	}
	for _, n := range own {
		if n.Contains(ip) {
			return false
		}
	}
	return true
}

// networks are those of this machine's interfaces, as they are now.
func networks() (own []netip.Prefix) {
	addrs, _ := net.InterfaceAddrs()
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil && p.Bits() > 0 {
			own = append(own, p.Masked())
		}
	}
	return own
}
