package auth_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"

	"watchparty/node/auth"
	"watchparty/store"
)

// arrival is a connection to an address.
type arrival struct {
	net.Conn
	at string
}

func (a arrival) LocalAddr() net.Addr { return &net.TCPAddr{IP: net.ParseIP(a.at)} }

// A certifier is an authority whose clock and addresses can be changed.
type certifier struct {
	testing.TB
	*auth.Authority
	db    *store.DB
	now   time.Time
	names auth.Names
}

func certifying(t *testing.T, addrs ...string) *certifier {
	t.Helper()
	db, err := store.Open(t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c := &certifier{TB: t, db: db, now: time.Date(2027, 3, 1, 20, 0, 0, 0, time.UTC)}
	c.names.Hosts = []string{"localhost", "salon.local", "films.example", "käse.local"}
	c.live(addrs...)
	c.open()
	return c
}

func (c *certifier) live(addrs ...string) {
	c.names.Addrs = nil
	for _, a := range addrs {
		c.names.Addrs = append(c.names.Addrs, netip.MustParseAddr(a))
	}
}

func (c *certifier) open() {
	c.Helper()
	var err error
	c.Authority, err = auth.OpenAuthority(c.db, "salon", func() time.Time { return c.now }, func() auth.Names { return c.names })
	if err != nil {
		c.Fatal(err)
	}
}

// shown is the certificate that a browser at an address gets.
func (c *certifier) shown(at string) *x509.Certificate {
	c.Helper()
	got, err := c.Certificate(&tls.ClientHelloInfo{Conn: arrival{at: at}})
	if err != nil {
		c.Fatal(err)
	}
	return got.Leaf
}

// trusts says whether who trusts the house takes a certificate for a name at the house's time.
func (c *certifier) trusts(leaf *x509.Certificate, name string) error {
	c.Helper()
	root, err := x509.ParseCertificate(c.Root())
	if err != nil {
		c.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(root)
	_, err = leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: name, CurrentTime: c.now})
	return err
}

// TestCertificateNamesTheHouse: whoever trusts the house is not warned at any of its addresses.
func TestCertificateNamesTheHouse(t *testing.T) {
	c := certifying(t, "192.168.1.7", "10.0.0.2", "203.0.113.5", "fd00::2", "127.0.0.1")
	leaf := c.shown("192.168.1.7")
	for _, name := range []string{"192.168.1.7", "10.0.0.2", "203.0.113.5", "fd00::2", "127.0.0.1", "localhost", "salon.local"} {
		if err := c.trusts(leaf, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"192.168.1.8", "films.example", "other.local"} {
		if c.trusts(leaf, name) == nil {
			t.Errorf("it is for %s too", name)
		}
	}
	if key, ok := leaf.PublicKey.(*ecdsa.PublicKey); !ok || key.Curve != elliptic.P256() {
		t.Errorf("its key is a %T", leaf.PublicKey)
	}
}

// TestCertificateIsRenewed: the same one is shown as long as it will do, after a restart too.
func TestCertificateIsRenewed(t *testing.T) {
	c := certifying(t, "192.168.1.7")
	first, root := c.shown("192.168.1.7"), c.Fingerprint()
	same := func(what, at string, want bool) {
		t.Helper()
		got := c.shown(at)
		if got.Equal(first) != want {
			t.Errorf("%s: the same certificate: %v", what, !want)
		}
		if err := c.trusts(got, at); err != nil && at != "198.51.100.1" {
			t.Errorf("%s: %v", what, err)
		}
		first = got
	}
	same("asked again", "192.168.1.7", true)
	c.open()
	same("after a restart", "192.168.1.7", true)
	c.now = c.now.Add(59 * 24 * time.Hour)
	same("with a month left", "192.168.1.7", true)
	c.now = c.now.Add(48 * time.Hour)
	same("with less than a month", "192.168.1.7", false)
	c.live("192.168.1.9")
	same("at a new address", "192.168.1.9", false)
	same("at an address that it cannot be for", "198.51.100.1", true)
	c.now = c.now.Add(-365 * 24 * time.Hour)
	same("with the clock put right", "192.168.1.9", false)
	c.names.Hosts = append(c.names.Hosts, "kino.home.arpa")
	c.open()
	same("with a new name", "192.168.1.9", false)
	if c.Fingerprint() != root {
		t.Error("who trusted the house does not any more")
	}
}

// TestAuthorityIsBound: the house's key cannot pose as a site of the internet to those who trust it.
func TestAuthorityIsBound(t *testing.T) {
	c := certifying(t, "192.168.1.7")
	var kept []byte
	if err := c.db.View(func(tx *store.Tx) error {
		kept = slices.Clone(tx.Meta("https/authority"))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	stolen, err := tls.X509KeyPair(kept, kept)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"bank.example": false, "8.8.8.8": false, "2001:db8::1": false, "printer.local": true} {
		forged := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: c.now, NotAfter: c.now.Add(time.Hour)}
		if ip := net.ParseIP(name); ip != nil {
			forged.IPAddresses = []net.IP{ip}
		} else {
			forged.DNSNames = []string{name}
		}
		der, err := x509.CreateCertificate(rand.Reader, forged, stolen.Leaf, key.Public(), stolen.PrivateKey)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.trusts(leaf, name); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
