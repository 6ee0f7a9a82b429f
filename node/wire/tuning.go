package wire

import (
	"time"

	"github.com/quic-go/quic-go"
)

// hostQUIC is for connections to us. Guests send little, so a connection can hold
// a megabyte of unread bytes at most, whatever a guest does.
func hostQUIC() *quic.Config {
	return &quic.Config{
		HandshakeIdleTimeout:           5 * time.Second,
		MaxIdleTimeout:                 mediaIdle, // the client's is used where it is shorter
		InitialStreamReceiveWindow:     128 << 10, // a frame
		MaxStreamReceiveWindow:         256 << 10,
		InitialConnectionReceiveWindow: 256 << 10,
		MaxConnectionReceiveWindow:     1 << 20,
		MaxIncomingStreams:             maxStreams,
		MaxIncomingUniStreams:          -1,
		EnableDatagrams:                true,
		InitialPacketSize:              firstPacket,
	}
}

// firstPacket is what every path of QUIC takes (RFC 9000 §14), in bytes without headers, so that a link with an MTU of 1280 does not
// look like one that drops UDP. Packets grow from there.
const firstPacket = 1200

const (
	maxStreams  = 24 // that a peer may have open towards us
	mediaIdle   = 15 * time.Second
	mediaWindow = 2 << 20 // bytes: 100 Mbit/s over 160 ms
)

// guestQUIC is for connections we dial. The host opens no streams.
func guestQUIC(use Use) *quic.Config {
	c := &quic.Config{
		HandshakeIdleTimeout:       5 * time.Second,
		MaxIdleTimeout:             IdleTimeout,
		KeepAlivePeriod:            3 * time.Second,
		MaxStreamReceiveWindow:     256 << 10,
		MaxConnectionReceiveWindow: 1 << 20,
		MaxIncomingStreams:         -1,
		MaxIncomingUniStreams:      -1,
		EnableDatagrams:            true,
		InitialPacketSize:          firstPacket,
	}
	if use == Media {
		c.MaxIdleTimeout, c.KeepAlivePeriod = mediaIdle, 5*time.Second
		// What a paused page does not read holds its part of the connection's window.
		// So that has room for all streams at once, from the beginning: else two
		// paused films starve the posters.
		c.MaxStreamReceiveWindow = mediaWindow
		c.InitialConnectionReceiveWindow = maxStreams * mediaWindow
		c.MaxConnectionReceiveWindow = maxStreams * mediaWindow
	}
	return c
}
