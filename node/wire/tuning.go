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
		MaxIncomingStreams:             24,
		MaxIncomingUniStreams:          -1,
		EnableDatagrams:                true,
	}
}

const mediaIdle = 15 * time.Second

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
	}
	if use == Media {
		c.MaxIdleTimeout, c.KeepAlivePeriod = mediaIdle, 5*time.Second
		c.MaxStreamReceiveWindow, c.MaxConnectionReceiveWindow = 4<<20, 8<<20
	}
	return c
}
