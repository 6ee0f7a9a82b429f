package wire

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"errors"

	"watchparty/node/party"
)

// hostTLS asks for a client's certificate and does without: a pass says who
// somebody is, the key only which node.
func hostTLS(id Identity) *tls.Config {
	return &tls.Config{
		MinVersion:             tls.VersionTLS13,
		NextProtos:             []string{alpn},
		Certificates:           []tls.Certificate{id.cert},
		ClientAuth:             tls.RequestClientCert,
		SessionTicketsDisabled: true,
		VerifyConnection: func(s tls.ConnectionState) error {
			if len(s.PeerCertificates) == 0 {
				return nil
			}
			_, err := peerKey(s)
			return err
		},
	}
}

// guestTLS checks the host's key against the pin before anything is sent. The
// usual checks of names and dates are off: the key is the name.
func guestTLS(id Identity, pin []byte) *tls.Config {
	c := &tls.Config{
		MinVersion:             tls.VersionTLS13,
		NextProtos:             []string{alpn},
		ServerName:             "watchparty",
		InsecureSkipVerify:     true,
		SessionTicketsDisabled: true,
		VerifyConnection: func(s tls.ConnectionState) error { // called for resumed sessions too
			spki, err := peerKey(s)
			if err != nil {
				return err
			}
			if subtle.ConstantTimeCompare(spki[:len(pin)], pin) != 1 {
				return errHostKey
			}
			return nil
		},
	}
	if id.key != nil {
		c.Certificates = []tls.Certificate{id.cert}
	}
	return c
}

var errHostKey = &party.Refusal{Code: "WP-HOST-KEY",
	Reason: "Another machine answers at the host's address, or the host has a new key. Ask the host for a new invitation."}

// peerKey is the hash of the other side's key, which must be Ed25519. That it
// holds the key itself is proven by the handshake (RFC 8446 §4.4.3).
func peerKey(s tls.ConnectionState) (spki [sha256.Size]byte, err error) {
	if len(s.PeerCertificates) != 1 {
		return spki, errors.New("one certificate is wanted")
	}
	c := s.PeerCertificates[0]
	if _, ok := c.PublicKey.(ed25519.PublicKey); !ok {
		return spki, errors.New("the key is not Ed25519")
	}
	return sha256.Sum256(c.RawSubjectPublicKeyInfo), nil
}
