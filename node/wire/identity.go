package wire

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// An Identity is a node's Ed25519 key (RFC 8032) and the certificate around it.
// Nobody signs it: who knows the fingerprint knows the node.
type Identity struct {
	key  ed25519.PrivateKey
	cert tls.Certificate
	spki [sha256.Size]byte
}

// NewIdentity makes a key, in PKCS #8 (RFC 5208), to be kept secret and for ever.
func NewIdentity() (pkcs8 []byte, err error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make identity: %w", err)
	}
	return x509.MarshalPKCS8PrivateKey(key)
}

// LoadIdentity reads what NewIdentity made. The same key gives the same
// certificate, byte for byte.
func LoadIdentity(pkcs8 []byte) (Identity, error) {
	k, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		return Identity{}, fmt.Errorf("load identity: %w", err)
	}
	key, ok := k.(ed25519.PrivateKey)
	if !ok {
		return Identity{}, fmt.Errorf("load identity: a %T, want an Ed25519 key", k)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "watchparty"},
		// Dates mean nothing here: a Raspberry Pi may think it is 1970.
		NotBefore:             time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:              time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), // RFC 5280 §4.1.2.5
		KeyUsage:              x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(nil, template, template, key.Public(), key)
	if err != nil {
		return Identity{}, fmt.Errorf("load identity: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return Identity{}, fmt.Errorf("load identity: %w", err)
	}
	return Identity{
		key:  key,
		cert: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf},
		spki: sha256.Sum256(leaf.RawSubjectPublicKeyInfo),
	}, nil
}

// Fingerprint is SHA-256 over the SubjectPublicKeyInfo, in base64url without
// padding (RFC 4648 §5): 43 characters that may stand in a link's fragment.
func (id Identity) Fingerprint() string { return fingerprint(id.spki) }

// ID is the first eight bytes of the same hash in hexadecimal, for places with
// little room, such as a TXT record.
func (id Identity) ID() string { return hex.EncodeToString(id.spki[:8]) }

func fingerprint(spki [sha256.Size]byte) string { return base64.RawURLEncoding.EncodeToString(spki[:]) }

// FingerprintID is the [Identity.ID] that belongs to a fingerprint, "" for what is
// no fingerprint.
func FingerprintID(fingerprint string) string {
	pin, err := parsePin(fingerprint)
	if err != nil || len(pin) != sha256.Size {
		return ""
	}
	return hex.EncodeToString(pin[:8])
}

// SpacedID is an [Identity.ID] as people compare it: in fours.
func SpacedID(id string) string {
	b := strings.Builder{}
	for i, c := range id {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

// derive makes a secret for one purpose that is the same after every restart.
func (id Identity) derive(purpose string) (secret [32]byte) {
	b, err := hkdf.Key(sha256.New, id.key.Seed(), nil, "watchparty "+purpose, len(secret))
	if err != nil { // only lengths that SHA-256 cannot give fail (RFC 5869 §2.3)
		panic(err)
	}
	return [32]byte(b)
}

// parsePin reads what to expect of a host: a fingerprint, the 16 hexadecimal
// digits of an ID, or nothing.
func parsePin(pin string) ([]byte, error) {
	switch len(pin) {
	case 0:
		return nil, nil
	case 16:
		return hex.DecodeString(pin)
	case 43:
		return base64.RawURLEncoding.DecodeString(pin)
	}
	return nil, errors.New("a fingerprint has 43 characters, an id 16")
}
