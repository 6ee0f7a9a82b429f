//go:build linux

package nodetest

import (
	"encoding/binary"
	"io"
	"sync/atomic"
)

// A narrow line is one that long packets have trouble with.
type narrow struct {
	widest, lies atomic.Int32
}

// Narrow has the line lose what is longer than so many bytes, headers included, without a word to anybody: a black hole (RFC 2923,
// 2.1). 0 is a line without.
func (n *narrow) Narrow(bytes int) { n.widest.Store(int32(bytes)) }

// Lie has somebody on the line tell whoever sends more than so many bytes that it did not get through, which it did.
func (n *narrow) Lie(bytes int) { n.lies.Store(int32(bytes)) }

func (n *narrow) tooWide(bytes int) bool {
	w := int(n.widest.Load())
	return w > 0 && bytes > w
}

// forge answers a packet of IPv4 with ICMP's "fragmentation needed" (RFC 1191, 4), which quotes it, in the name of its receiver.
func (n *narrow) forge(sender io.Writer, packet []byte) {
	mtu := int(n.lies.Load())
	if mtu == 0 || len(packet) <= mtu || packet[0] != 0x45 {
		return
	}
	quoted := packet[:28]
	answer := append([]byte{0x45, 0, 0, 20 + 8 + 28, 0, 0, 0, 0, 64, 1, 0, 0}, packet[16:20]...)
	answer = append(answer, packet[12:16]...)
	answer = append(answer, 3, 4, 0, 0, 0, 0)
	answer = append(binary.BigEndian.AppendUint16(answer, uint16(mtu)), quoted...)
	binary.BigEndian.PutUint16(answer[10:], checksum(answer[:20]))
	binary.BigEndian.PutUint16(answer[22:], checksum(answer[20:]))
	sender.Write(answer)
}

// checksum is that of the internet (RFC 1071), of an even number of bytes.
func checksum(b []byte) uint16 {
	sum := uint32(0)
	for ; len(b) > 1; b = b[2:] {
		sum += uint32(binary.BigEndian.Uint16(b))
	}
	for sum > 0xffff {
		sum = sum>>16 + sum&0xffff
	}
	return ^uint16(sum)
}
