package wire

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"net/url"
	"testing"
)

func TestIdentity(t *testing.T) {
	key, err := NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	a, err := LoadIdentity(key)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := LoadIdentity(key)
	if !bytes.Equal(a.cert.Certificate[0], b.cert.Certificate[0]) {
		t.Error("the same key gives two certificates")
	}
	f := a.Fingerprint()
	if len(f) != 43 || url.PathEscape(f) != f || f != b.Fingerprint() || f == newIdentity(t).Fingerprint() {
		t.Errorf("fingerprint %q", f)
	}
	if len(a.ID()) != 16 || FingerprintID(f) != a.ID() || FingerprintID("x") != "" || FingerprintID(a.ID()) != "" {
		t.Errorf("id %q, of the fingerprint %q", a.ID(), FingerprintID(f))
	}
	if a.derive("one") != b.derive("one") || a.derive("one") == a.derive("two") {
		t.Error("derived secrets are not one for each purpose")
	}
}

func TestLoadIdentityRefuses(t *testing.T) {
	k, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	other, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range [][]byte{nil, []byte("key"), other} {
		if _, err := LoadIdentity(b); err == nil {
			t.Errorf("%.20x was taken for a key", b)
		}
	}
}

func TestPin(t *testing.T) {
	id := newIdentity(t)
	for pin, want := range map[string]int{"": 0, id.ID(): 8, id.Fingerprint(): 32} {
		if b, err := parsePin(pin); err != nil || len(b) != want {
			t.Errorf("%q is %x, %v", pin, b, err)
		}
	}
	for _, pin := range []string{"a", id.ID()[1:], id.Fingerprint() + "A", "zz" + id.ID()[2:], "+" + id.Fingerprint()[1:]} {
		if b, err := parsePin(pin); err == nil {
			t.Errorf("%q is %x", pin, b)
		}
	}
}
