package store

import (
	"encoding/json"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// The top-level buckets. Those of bucketOfBuckets hold one bucket per party, the
// others hold values.
const (
	inAccount    = "account"
	inInvitation = "invitation"
	inLog        = "log"
	inMeta       = "meta"
	inNonce      = "nonce"
	inParty      = "party"
	inPass       = "pass"
	inSnap       = "snap"
)

var topBuckets = []string{inAccount, inInvitation, inLog, inMeta, inNonce, inParty, inPass, inSnap}

func bucketOfBuckets(name string) bool { return name == inLog || name == inNonce }

// Tx is a transaction. What its methods return are copies and outlive it.
//
// A value that does not match its checksum is an error. The methods that return
// none treat it as absent and let the whole transaction fail at its end.
type Tx struct {
	bolt *bolt.Tx
	path string // of the file, for errors
	err  error
	kept bool // something was written that is worth a copy
}

func initBuckets(tx *Tx) error {
	for _, name := range topBuckets {
		if _, err := tx.bolt.CreateBucketIfNotExists([]byte(name)); err != nil {
			return fmt.Errorf("make bucket %s: %w", name, err)
		}
	}
	return tx.PutMeta(keyFormat, formatValue(Format))
}

// fail remembers the first error of a method that returns none.
func (tx *Tx) fail(err error) {
	if tx.err == nil {
		tx.err = err
	}
}

// top is a top-level bucket, which [Open] has seen to be there.
func (tx *Tx) top(name string) *bolt.Bucket {
	b := tx.bolt.Bucket([]byte(name))
	b.FillPercent = fillPercent
	return b
}

// sub is the bucket of one party, nil if there is none.
func (tx *Tx) sub(name, id string) *bolt.Bucket {
	if id == "" {
		return nil
	}
	b := tx.top(name).Bucket([]byte(id))
	if b != nil {
		b.FillPercent = fillPercent
	}
	return b
}

// makeSub is sub, made where it is missing.
func (tx *Tx) makeSub(name, id string) (*bolt.Bucket, error) {
	b, err := tx.top(name).CreateBucketIfNotExists([]byte(id))
	if err != nil {
		return nil, fmt.Errorf("bucket %s of party %q: %w", name, id, err)
	}
	b.FillPercent = fillPercent
	return b, nil
}

// read is the payload under a key, valid while the transaction is; nil if absent.
func (tx *Tx) read(b *bolt.Bucket, path string, key []byte) ([]byte, error) {
	if b == nil || len(key) == 0 {
		return nil, nil
	}
	v := b.Get(key)
	if v == nil {
		return nil, nil
	}
	return tx.open(path, key, v)
}

// open checks a value that was read.
func (tx *Tx) open(path string, key, v []byte) ([]byte, error) {
	payload, err := unseal(path, key, v)
	if err != nil {
		return nil, &DamagedError{Path: tx.path, Why: err.Error()}
	}
	return payload, nil
}

// A table is a top-level bucket of JSON values.
type table[T any] string

func (t table[T]) get(tx *Tx, key []byte) (v T, ok bool, err error) {
	payload, err := tx.read(tx.top(string(t)), string(t), key)
	if err != nil || payload == nil {
		return v, false, err
	}
	if err := json.Unmarshal(payload, &v); err != nil {
		return v, false, fmt.Errorf("read %s: %w", t, err)
	}
	return v, true, nil
}

func (t table[T]) put(tx *Tx, key []byte, v T) error {
	payload, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write %s: %w", t, err)
	}
	return tx.write(tx.top(string(t)), string(t), key, payload)
}

func (tx *Tx) write(b *bolt.Bucket, path string, key, payload []byte) error {
	if err := b.Put(key, seal(path, key, payload)); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	tx.kept = tx.kept || path != inMeta // a sign of life alone is not worth a copy
	return nil
}

func (t table[T]) remove(tx *Tx, key []byte) error {
	if err := tx.top(string(t)).Delete(key); err != nil {
		return fmt.Errorf("delete from %s: %w", t, err)
	}
	tx.kept = true
	return nil
}

// each calls fn in the order of the keys, which are valid during the call.
func (t table[T]) each(tx *Tx, fn func(key []byte, v T) error) error {
	return tx.top(string(t)).ForEach(func(key, value []byte) error {
		payload, err := tx.open(string(t), key, value)
		if err != nil {
			return err
		}
		var v T
		if err := json.Unmarshal(payload, &v); err != nil {
			return fmt.Errorf("read %s: %w", t, err)
		}
		return fn(key, v)
	})
}
