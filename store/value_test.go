package store

import (
	"bytes"
	"testing"
)

// FuzzUnseal: what is on disk is what was sealed for this very place, or damage.
func FuzzUnseal(f *testing.F) {
	f.Add("meta", []byte("pin"), seal("meta", []byte("pin"), []byte("123456")))
	f.Add("log/p", seqKey(uint64(1)), seal("log/p", seqKey(uint64(2)), []byte("{}")))
	f.Add("account", []byte(nil), []byte{1, 0, 0, 0})
	f.Add("", []byte{0}, []byte(nil))
	f.Fuzz(func(t *testing.T, path string, key, value []byte) {
		payload, err := unseal(path, key, value)
		if err == nil && !bytes.Equal(seal(path, key, payload), value) {
			t.Errorf("%q/%q: %q was not sealed so", path, key, value)
		}
		if err == nil && len(payload) > 0 {
			spoilt := bytes.Clone(value)
			spoilt[valueHead+len(payload)/2] ^= 1
			if _, err := unseal(path, key, spoilt); err == nil {
				t.Errorf("%q/%q: a bit of %q may be turned", path, key, value)
			}
		}
	})
}
