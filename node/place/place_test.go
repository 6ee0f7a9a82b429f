package place

import (
	"bytes"
	"errors"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"

	"watchparty/media/catalog"
)

// written is a file that has something at 203.0.113.0/24 and 2001:4860::/32.
func written(t *testing.T, kind string, entry mmdbtype.Map) []byte {
	t.Helper()
	w, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: kind, RecordSize: 24, IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []string{"203.0.113.0/24", "2001:4860::/32"} {
		_, network, _ := net.ParseCIDR(n)
		if err := w.Insert(network, entry); err != nil {
			t.Fatal(err)
		}
	}
	b := &bytes.Buffer{}
	if _, err := w.WriteTo(b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func in(code string) mmdbtype.Map {
	return mmdbtype.Map{"country": mmdbtype.Map{"iso_code": mmdbtype.String(code)}}
}

func put(t *testing.T, b []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "places.mmdb")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestOf: an address of the internet is where the file has it, or nowhere that is known; one of the house is
// not looked up, though the file has it, and a file that is cut short meanwhile changes nothing.
func TestOf(t *testing.T) {
	name := put(t, written(t, "Places of a house", in("FR")))
	f, err := Open(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, 0); err != nil {
		t.Fatal(err)
	}
	type answer struct {
		region  catalog.Region
		outside bool
	}
	for ip, want := range map[string]answer{
		"203.0.113.77": {"FR", true}, "::ffff:203.0.113.77": {"FR", true}, "2001:4860::1": {"FR", true},
		"198.51.100.7": {catalog.Somewhere, true}, "2001:db8::1": {catalog.Somewhere, true},
		"127.0.0.1": {}, "::1": {}, "192.168.1.9": {}, "::ffff:10.0.0.1": {}, "100.64.3.4": {}, "169.254.1.1": {},
		"fe80::1%eth0": {}, "fd00::1": {}, "224.0.0.1": {}, "0.0.0.0": {},
	} {
		region, outside := f.Of(netip.MustParseAddr(ip))
		if got := (answer{region, outside}); got != want {
			t.Errorf("%s: %+v", ip, got)
		}
	}
	if _, outside := f.Of(netip.Addr{}); outside {
		t.Error("no address at all is outside")
	}
	own := []netip.Prefix{netip.MustParsePrefix("2001:4860:1:2::/64")}
	if isOutside(netip.MustParseAddr("2001:4860:1:2::9"), own) || !isOutside(netip.MustParseAddr("2001:4860:1:3::9"), own) {
		t.Error("a neighbour with an address of the internet is in the house, and the next house is not")
	}
}

// TestFaults: what is wrong with a file is said in one sentence of either language, with its name.
func TestFaults(t *testing.T) {
	good := written(t, "GeoLite2-Country", in("FR"))
	large := put(t, nil)
	if err := os.Truncate(large, maxFile+1); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]*Fault{
		filepath.Join(t.TempDir(), "none"): ErrMissing,
		t.TempDir():                        ErrBroken,
		put(t, nil):                        ErrBroken,
		put(t, []byte("\x1f\x8bpacked")):   ErrBroken,
		put(t, good[:len(good)/2]):         ErrBroken,
		put(t, good[:len(good)-1]):         ErrBroken,
		put(t, good[len(good)/2:]):         ErrBroken,
		put(t, written(t, "ASN", mmdbtype.Map{"number": mmdbtype.Uint32(3215)})): ErrKind,
		put(t, written(t, "Country", in("nowhere"))):                             ErrKind,
		large: ErrLarge,
	} {
		_, err := Open(name)
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, not %s", name, err, want.Code)
			continue
		}
		for _, lang := range []string{"en", "fr"} {
			if f := err.(*Fault); !strings.Contains(f.In(lang), name) || f.In("fr-CH") == f.In("en") {
				t.Errorf("%s in %s: %s", want.Code, lang, f.In(lang))
			}
		}
	}
}

// FuzzOpen: whatever is in a file, it is refused or answers.
func FuzzOpen(f *testing.F) {
	f.Add([]byte("\xab\xcd\xefMaxMind.com"), uint32(0xCB00714D))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, b []byte, ip uint32) {
		name := filepath.Join(dir, "fuzz.mmdb")
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		file, err := Open(name)
		if err != nil {
			return
		}
		file.Of(netip.AddrFrom4([4]byte{byte(ip >> 24), byte(ip >> 16), byte(ip >> 8), byte(ip)}))
	})
}
