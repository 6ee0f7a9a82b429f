// Package wire speaks the protocol wp/1 (docs/protocol.md): frames, and the
// carriers they travel on, QUIC between nodes, TCP where UDP does not come through,
// and WebSocket to pages.
//
// It promises that nothing a stranger sends costs more than it should: every
// length is checked before memory is found for it, and memory grows with what
// has come, not with what was announced; no write waits longer than five
// seconds; a client has checked the host's key before its first byte of a frame.
//
// It knows no party and no pass. Who may say what is decided above it.
package wire

import "time"

// Version is the protocol's, as in hello, welcome and the ALPN name.
const Version = 1

// alpn names the protocol in the TLS handshake (RFC 7301).
const alpn = "wp/1"

// Longest frames in bytes, by direction.
const (
	MaxToHost  = 64 << 10
	MaxToGuest = 2 << 20
)

// Times the protocol sets.
const (
	FirstFrameTimeout = 5 * time.Second  // from the handshake to the first frame
	WriteTimeout      = 5 * time.Second  // a reader slower than that is WP-SLOW
	IdleTimeout       = 10 * time.Second // nothing came: the other side is gone
	PingPeriod        = 2 * time.Second  // clients ping this often
)

// lingerTimeout is how long the end of a connection waits for the other side to
// have read why.
const lingerTimeout = time.Second

// Codes of QUIC at the end of a connection or a stream.
const (
	CodeDone    = 0 // nobody's fault; for a stream: no more is wanted
	CodeRefused = 1 // of a stream: the permission ended while bytes flowed
	CodeEnded   = 2 // of a connection: see the bye
)
