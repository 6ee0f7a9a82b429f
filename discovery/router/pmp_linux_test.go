package router

import (
	"bytes"
	"encoding/binary"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"
)

// TestNATPMP: a router of RFC 6886 opens a port, maybe another one for less time, and closes it.
func TestNATPMP(t *testing.T) {
	here := netip.MustParseAddr("127.0.0.9")
	c, err := net.ListenPacket("udp", "127.0.0.9:5351")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	result := atomic.Int32{}
	asked := make(chan []byte, 2)
	go func() {
		for b := make([]byte, 64); ; {
			n, from, err := c.ReadFrom(b)
			if err != nil {
				return
			}
			answer := append([]byte{0, b[1] | 0x80, 0, byte(result.Load())}, 0, 0, 0, 1)
			if b[1] == 0 {
				answer = append(answer, 8, 8, 4, 4)
			} else {
				asked <- bytes.Clone(b[:n])
				answer = append(answer, b[4], b[5])
				answer = binary.BigEndian.AppendUint16(answer, 9000)
				answer = binary.BigEndian.AppendUint32(answer, min(600, binary.BigEndian.Uint32(b[8:])))
			}
			c.WriteTo(answer, from)
		}
	}()
	g := newPMP(netip.MustParseAddr("127.0.0.1"), here)
	if ip, err := g.Outside(t.Context()); err != nil || ip.String() != "8.8.4.4" {
		t.Errorf("%v, %v", ip, err)
	}
	result.Store(3) // no network
	if gates, err := ask(t.Context(), own, here); err != nil || len(gates) != 1 {
		t.Errorf("without a connection: %d gates, %v", len(gates), err)
	} else if ip, err := gates[0].Outside(t.Context()); err != nil || ip.IsValid() {
		t.Errorf("without a connection: %v, %v", ip, err)
	}
	result.Store(0)
	if port, granted, err := g.Open(t.Context(), 8470, 8470, false); err != nil || port != 9000 || granted != 10*time.Minute {
		t.Errorf("%d for %v, %v", port, granted, err)
	}
	if err := g.Close(t.Context(), 8470, 9000); err != nil {
		t.Error(err)
	}
	if open, shut := <-asked, <-asked; open[1] != 1 || binary.BigEndian.Uint32(open[8:]) != 3600 || binary.BigEndian.Uint32(shut[8:]) != 0 {
		t.Errorf("asked %v, then %v", open, shut)
	}
}
