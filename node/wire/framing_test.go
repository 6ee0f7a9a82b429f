package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"testing"
	"testing/iotest"
)

func TestReadFrame(t *testing.T) {
	big := bytes.Repeat([]byte("x"), MaxToHost)
	whole := appendFrame(appendFrame(appendFrame(nil, []byte("a")), big), []byte("b"))
	for _, r := range []io.Reader{bytes.NewReader(whole), iotest.OneByteReader(bytes.NewReader(whole))} {
		for _, want := range [][]byte{[]byte("a"), big, []byte("b")} {
			if got, err := readFrame(r, MaxToHost); err != nil || !bytes.Equal(got, want) {
				t.Fatalf("%d bytes, %v; want %d", len(got), err, len(want))
			}
		}
		if _, err := readFrame(r, MaxToHost); err != io.EOF {
			t.Errorf("at the end: %v", err)
		}
	}
	for cut := 1; cut < 5; cut++ {
		if _, err := readFrame(bytes.NewReader(appendFrame(nil, []byte("a"))[:cut]), 10); err != io.ErrUnexpectedEOF {
			t.Errorf("cut after %d bytes: %v", cut, err)
		}
	}
}

// What is announced costs nothing, and what is allowed costs what has come of it.
func TestAnnouncedLengthIsFree(t *testing.T) {
	for _, c := range []struct {
		n       uint32
		costs   uint64 // bytes at most
		isProto bool
	}{{0, 512, true}, {1<<31 - 1, 512, true}, {1<<32 - 1, 512, true}, {MaxToHost + 1, 512, true}, {MaxToHost, 2 * firstBytes, false}} {
		in := binary.BigEndian.AppendUint32(nil, c.n)
		in = append(in, "some"...)
		var err error
		var before, after runtime.MemStats
		const runs = 1000
		runtime.ReadMemStats(&before)
		for range runs {
			_, err = readFrame(bytes.NewReader(in), MaxToHost)
		}
		runtime.ReadMemStats(&after)
		cost := (after.TotalAlloc - before.TotalAlloc) / runs
		if cost > c.costs {
			t.Errorf("a length of %d costs %d bytes", c.n, cost)
		}
		if _, ok := errors.AsType[*ProtoError](err); ok != c.isProto || err == nil {
			t.Errorf("a length of %d: %v", c.n, err)
		}
	}
}

func FuzzReadStream(f *testing.F) {
	f.Add(appendFrame(nil, []byte(`{"ping":{"id":1}}`)))
	f.Add(appendFrame(appendFrame(nil, []byte(`{"bye":{}}`)), []byte(`{}`)))
	f.Add([]byte{0, 0, 0, 0})
	f.Add([]byte{0x7f, 0xff, 0xff, 0xff, 'x'})
	f.Add([]byte{0, 0, 1})
	f.Fuzz(func(t *testing.T, in []byte) {
		r := bytes.NewReader(in)
		var again []byte
		for {
			b, err := readFrame(r, MaxToHost)
			if err != nil {
				break
			}
			if len(b) == 0 || len(b) > MaxToHost {
				t.Fatalf("a frame of %d bytes", len(b))
			}
			again = appendFrame(again, b)
		}
		if !bytes.HasPrefix(in, again) {
			t.Fatalf("%x was read as %x", in, again)
		}
	})
}

func FuzzDatagram(f *testing.F) {
	f.Add(appendPing(nil, pingID{1, 2, 3}))
	f.Add(appendPong(nil, pingID{1, 2, 3}, Moment(1763843200123.417)))
	f.Add(appendLoss(nil, Loss{Sent: 1000, Lost: 10, BBR: true}))
	f.Add([]byte{pingMark})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, in []byte) {
		if id, ok := parsePing(in); ok && !bytes.Equal(appendPing(nil, id), in) {
			t.Fatalf("ping %x", in)
		}
		if l, ok := parseLoss(in); ok && in[1] <= tellsBBR && !bytes.Equal(appendLoss(nil, l), in) {
			t.Fatalf("loss %x is %+v", in, l)
		}
		if id, host, ok := parsePong(in); ok && !bytes.Equal(appendPong(nil, id, host), in) {
			t.Fatalf("pong %x is of %v", in, host)
		}
	})
}
