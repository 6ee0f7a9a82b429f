package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"unicode/utf8"
)

// A Frame is one thing said: [Hello], [Wish], [Record] and so on, by value.
type Frame interface{ frame() }

// kinds maps a frame's name on the wire to its type. It is the only dispatch.
var kinds = map[string]Frame{
	"hello": Hello{}, "welcome": Welcome{},
	"wish": Wish{}, "ok": OK{}, "refused": Refused{},
	"ping": Ping{}, "pong": Pong{},
	"signal": Signal{}, "record": Record{}, "bye": Bye{},
	"join": Join{}, "joined": Joined{},
	"link": Link{}, "linked": Linked{},
	"titles": Titles{},
	"get":    Get{}, "content": Content{},
	"stage": Stage{}, "faces": Faces{}, "whole": Whole{}, "off": Off{},
}

var kindNames = func() map[reflect.Type]string {
	names := map[reflect.Type]string{}
	for kind, f := range kinds {
		names[reflect.TypeOf(f)] = kind
	}
	return names
}()

// Unknown is a frame of a kind that this version does not know. It is passed over.
type Unknown struct{ Kind string }

func (Unknown) frame() {}

// A ProtoError is a frame that is too long, malformed or out of turn. It ends the
// connection with WP-PROTO.
type ProtoError struct {
	Reason string
	Err    error // may be nil
}

func (e *ProtoError) Error() string {
	if e.Err == nil {
		return "WP-PROTO: " + e.Reason
	}
	return "WP-PROTO: " + e.Reason + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *ProtoError) Unwrap() error { return e.Err }

// Marshal encodes a frame.
func Marshal(f Frame) ([]byte, error) {
	if r, ok := f.(Record); ok {
		return RecordFrame(r), nil
	}
	kind, ok := kindNames[reflect.TypeOf(f)]
	if !ok {
		return nil, fmt.Errorf("encode frame: %T has no name on the wire", f)
	}
	body, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("encode %s: %w", kind, err)
	}
	return wrap(kind, body), nil
}

// RecordFrame is the frame around a record's own bytes. It is made once and
// written to every seat.
func RecordFrame(raw []byte) []byte { return wrap("record", raw) }

func wrap(kind string, body []byte) []byte {
	b := make([]byte, 0, len(kind)+len(body)+len(`{"":}`))
	b = append(b, `{"`...)
	b = append(b, kind...)
	b = append(b, `":`...)
	b = append(b, body...)
	return append(b, '}')
}

// Parse reads one frame of at most limit bytes. A kind it does not know is an
// [Unknown]; anything else that is not right is a [*ProtoError]. The frame does
// not keep b.
func Parse(b []byte, limit int) (Frame, error) {
	if len(b) > limit {
		return nil, tooLong(int64(len(b)), limit)
	}
	if !utf8.Valid(b) {
		return nil, &ProtoError{Reason: "a frame is not UTF-8"}
	}
	kind, body, err := onlyMember(b)
	if err != nil {
		return nil, &ProtoError{"a frame is one JSON object with one member", err}
	}
	zero, ok := kinds[kind]
	if !ok {
		return Unknown{kind}, nil
	}
	if body[0] != '{' {
		return nil, &ProtoError{Reason: kind + " is not an object"}
	}
	v := reflect.New(reflect.TypeOf(zero))
	if err := json.Unmarshal(body, v.Interface()); err != nil {
		return nil, &ProtoError{kind + " could not be read", err}
	}
	f := v.Elem().Interface().(Frame)
	if c, ok := f.(interface{ check() error }); ok {
		if err := c.check(); err != nil {
			return nil, &ProtoError{kind + " could not be read", err}
		}
	}
	return f, nil
}

func tooLong(n int64, limit int) error {
	return &ProtoError{Reason: fmt.Sprintf("a frame of %d bytes, the limit is %d", n, limit)}
}

// onlyMember takes {"kind": body} apart. encoding/json alone would take the last
// of two members of one name.
func onlyMember(b []byte) (kind string, body json.RawMessage, err error) {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil {
		return "", nil, err
	} else if t != json.Delim('{') {
		return "", nil, errors.New("no object")
	}
	t, err := d.Token()
	if err != nil {
		return "", nil, err
	}
	kind, ok := t.(string)
	if !ok {
		return "", nil, errors.New("no member")
	}
	if err := d.Decode(&body); err != nil {
		return "", nil, err
	}
	if t, err := d.Token(); err != nil {
		return "", nil, err
	} else if t != json.Delim('}') {
		return "", nil, errors.New("more than one member")
	}
	if _, err := d.Token(); err != io.EOF {
		return "", nil, errors.New("something follows the object")
	}
	return kind, body, nil
}
