package party

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// MaxRecord is the longest encoded record in bytes; a longer one is refused
// before it is decoded.
const MaxRecord = 32 << 10

// A Record is an event with its place in the log. Its bytes are made once: what
// is on disk is what is on the wire.
type Record struct {
	Seq   Seq
	At    time.Time // host time, whole milliseconds
	By    MemberID
	Nonce Nonce
	Event Event

	raw []byte
}

// NewRecord puts an event in its place and encodes it.
func NewRecord(seq Seq, at time.Time, by MemberID, nonce Nonce, e Event) (Record, error) {
	r := Record{Seq: seq, At: at.Truncate(time.Millisecond), By: by, Nonce: nonce, Event: e}
	kind, err := kindOf(e)
	if err != nil {
		return r, err
	}
	body, err := json.Marshal(e)
	if err != nil {
		return r, fmt.Errorf("encode %s: %w", kind, err)
	}
	head, err := json.Marshal(recordHead{seq, r.At.UnixMilli(), by, nonce})
	if err != nil {
		return r, fmt.Errorf("encode %s: %w", kind, err)
	}
	var b bytes.Buffer
	b.Write(head[:len(head)-1])
	fmt.Fprintf(&b, ",%q:", kind)
	b.Write(body)
	b.WriteByte('}')
	r.raw = b.Bytes()
	return r, nil
}

type recordHead struct {
	Seq   Seq      `json:"seq"`
	At    int64    `json:"at"`
	By    MemberID `json:"by,omitempty"`
	Nonce Nonce    `json:"nonce,omitempty"`
}

// Bytes is the record's JSON. It must not be changed.
func (r Record) Bytes() []byte { return r.raw }

// MarshalJSON gives the record's own bytes.
func (r Record) MarshalJSON() ([]byte, error) { return r.raw, nil }

// DecodeRecord reads what NewRecord wrote. A kind it does not know becomes an
// [Unknown] event, so that an old node survives a new host. The record keeps b.
func DecodeRecord(b []byte) (Record, error) {
	if len(b) > MaxRecord {
		return Record{}, fmt.Errorf("record of %d bytes, limit %d", len(b), MaxRecord)
	}
	var head recordHead
	if err := json.Unmarshal(b, &head); err != nil {
		return Record{}, fmt.Errorf("decode record: %w", err)
	}
	kind, body, err := oneKind(b, "seq", "at", "by", "nonce")
	if err != nil {
		return Record{}, fmt.Errorf("decode record %d: %w", head.Seq, err)
	}
	if head.Seq == 0 {
		return Record{}, errors.New("decode record: no seq")
	}
	r := Record{Seq: head.Seq, At: time.UnixMilli(head.At), By: head.By, Nonce: head.Nonce, raw: b}
	if r.Event, err = decodeEvent(kind, body); err != nil {
		return Record{}, fmt.Errorf("decode record %d: %s: %w", head.Seq, kind, err)
	}
	return r, nil
}

// oneKind finds the single member of an object that is not one of the head's.
func oneKind(b []byte, head ...string) (kind string, body json.RawMessage, err error) {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(b, &all); err != nil {
		return "", nil, err
	}
	for _, h := range head {
		delete(all, h)
	}
	if len(all) != 1 {
		return "", nil, fmt.Errorf("%d kinds where one is wanted", len(all))
	}
	for kind, body = range all {
	}
	return kind, body, nil
}
