package auth

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"watchparty/store"
)

const (
	leafLife  = 90 * 24 * time.Hour
	leafRenew = 30 * 24 * time.Hour // with less than this left, there is a new one
	leafSlack = 24 * time.Hour      // how far behind a guest's clock may be
)

// Where a house's authority and its certificate are kept: each PEM (RFC 7468), a certificate and its key.
const (
	authorityKey = "https/authority"
	leafKey      = "https/leaf"
)

// Names are what a certificate is for.
type Names struct {
	Hosts []string // in lower case
	Addrs []netip.Addr
}

// homeHosts are the domains that are never on the internet: RFC 6761, 6762 and 8375, and the one ICANN set aside.
var homeHosts = []string{"localhost", "local", "home.arpa", "internal"}

// homeNets are addresses of a network of one's own: RFC 1918, 6598, 3927, 4193, 4291, and loopback.
var homeNets = []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"}

// hostName is what a certificate can name (RFC 5280, 4.2.1.6).
var hostName = regexp.MustCompile(`^[a-z0-9.-]+$`)

// An Authority certifies the addresses of one house, for browsers that are to speak HTTPS with it. No one else knows it:
// a guest's device trusts it only if they make it. It is bound to networks of one's own and the addresses that the machine
// had when it was made (RFC 5280, 4.2.1.10), so that with its key nobody can pose as a site of the internet.
type Authority struct {
	db    *store.DB
	now   func() time.Time
	names func() Names

	mu   sync.Mutex
	root tls.Certificate
	leaf tls.Certificate // guarded by mu; without a Leaf there is none yet
}

// OpenAuthority loads the authority of a house, and makes it the first time. The machine is named in its subject; names are
// what certificates are for at the time they are asked. A certificate is kept while it will do, so that a browser whose
// owner has gone past its warning does not warn again.
func OpenAuthority(db *store.DB, machine string, now func() time.Time, names func() Names) (*Authority, error) {
	a := &Authority{db: db, now: now, names: names}
	err := db.Update(func(tx *store.Tx) (err error) {
		kept := tx.Meta(authorityKey)
		if kept == nil {
			if kept, err = newRoot(machine, names().Addrs); err != nil {
				return err
			}
			if err := tx.PutMeta(authorityKey, kept); err != nil {
				return err
			}
		}
		if a.root, err = tls.X509KeyPair(kept, kept); err != nil {
			return err
		}
		if kept := tx.Meta(leafKey); kept != nil {
			a.leaf, err = tls.X509KeyPair(kept, kept)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open the house's authority: %w", err)
	}
	for _, host := range names().Hosts {
		if a.coversHost(host) && a.leaf.Leaf != nil && !slices.Contains(a.leaf.Leaf.DNSNames, host) {
			a.leaf = tls.Certificate{}
		}
	}
	return a, nil
}

// Root is the authority's own certificate, DER, for those who want to trust it.
func (a *Authority) Root() []byte { return a.root.Leaf.Raw }

// Fingerprint is SHA-256 over [Authority.Root], as systems show it: pairs of hexadecimal digits.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.Root())
	return strings.ReplaceAll(fmt.Sprintf("% X", sum[:]), " ", ":")
}

// Covers says whether a certificate may be for an address.
func (a *Authority) Covers(ip netip.Addr) bool {
	return slices.ContainsFunc(a.root.Leaf.PermittedIPRanges, func(n *net.IPNet) bool { return n.Contains(ip.AsSlice()) })
}

func (a *Authority) coversHost(name string) bool {
	return hostName.MatchString(name) && slices.ContainsFunc(a.root.Leaf.PermittedDNSDomains, func(d string) bool { return name == d || strings.HasSuffix(name, "."+d) })
}

// Certificate is what a browser is shown: the present one, or a new one if that ends soon or does not name the address
// that the browser came to. It serves as [tls.Config.GetCertificate].
func (a *Authority) Certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.good(at(hello)) {
		return &a.leaf, nil
	}
	kept, err := a.newLeaf()
	if err != nil {
		return nil, fmt.Errorf("certify this house: %w", err)
	}
	leaf, err := tls.X509KeyPair(kept, kept)
	if err != nil {
		return nil, fmt.Errorf("certify this house: %w", err)
	}
	if err := a.db.Update(func(tx *store.Tx) error { return tx.PutMeta(leafKey, kept) }); err != nil {
		return nil, fmt.Errorf("certify this house: %w", err)
	}
	a.leaf = leaf
	return &a.leaf, nil
}

// at is the address that a browser came to.
func at(hello *tls.ClientHelloInfo) netip.Addr {
	tcp, ok := hello.Conn.LocalAddr().(*net.TCPAddr)
	if !ok {
		return netip.Addr{}
	}
	return tcp.AddrPort().Addr().Unmap().WithZone("")
}

// good says whether the present certificate will do for an address.
func (a *Authority) good(ip netip.Addr) bool {
	leaf, now := a.leaf.Leaf, a.now()
	if leaf == nil || now.Before(leaf.NotBefore) || now.After(leaf.NotAfter.Add(-leafRenew)) {
		return false
	}
	named := slices.ContainsFunc(leaf.IPAddresses, func(x net.IP) bool { return x.Equal(ip.AsSlice()) })
	return named || !ip.IsValid() || !a.Covers(ip)
}

// newRoot makes an authority. Its dates are not this machine's: a Raspberry Pi may think it is 1970.
func newRoot(machine string, addrs []netip.Addr) ([]byte, error) {
	var nets []*net.IPNet
	for _, s := range homeNets {
		_, n, err := net.ParseCIDR(s)
		if err != nil {
			return nil, err
		}
		nets = append(nets, n)
	}
	for _, ip := range addrs {
		if !slices.ContainsFunc(nets, func(n *net.IPNet) bool { return n.Contains(ip.AsSlice()) }) {
			nets = append(nets, &net.IPNet{IP: ip.AsSlice(), Mask: net.CIDRMask(ip.BitLen(), ip.BitLen())})
		}
	}
	return certify(&x509.Certificate{
		Subject:               pkix.Name{CommonName: "watchparty at " + machine, Organization: []string{"watchparty"}},
		NotBefore:             time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(2056, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:              x509.KeyUsageCertSign,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true, MaxPathLenZero: true,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: homeHosts, PermittedIPRanges: nets,
	}, tls.Certificate{})
}

// newLeaf certifies what the house is called now, as far as that is in its authority's bounds.
func (a *Authority) newLeaf() ([]byte, error) {
	now := a.now()
	leaf := &x509.Certificate{
		Subject:               pkix.Name{CommonName: "watchparty"},
		NotBefore:             now.Add(-leafSlack),
		NotAfter:              now.Add(leafLife),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	names := a.names()
	for _, ip := range names.Addrs {
		if a.Covers(ip) {
			leaf.IPAddresses = append(leaf.IPAddresses, ip.AsSlice())
		}
	}
	for _, host := range names.Hosts {
		if a.coversHost(host) {
			leaf.DNSNames = append(leaf.DNSNames, host)
		}
	}
	return certify(leaf, a.root)
}

// certify makes a key (ECDSA, P-256) and has a certificate for it signed, by itself where there is no other.
func certify(c *x509.Certificate, by tls.Certificate) ([]byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	if c.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)); err != nil { // RFC 5280, 4.1.2.2
		return nil, err
	}
	parent, signer := by.Leaf, by.PrivateKey
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, key.Public(), signer)
	if err != nil {
		return nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	for _, b := range []pem.Block{{Type: "CERTIFICATE", Bytes: der}, {Type: "PRIVATE KEY", Bytes: pkcs8}} {
		if err := pem.Encode(&out, &b); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}
