package wire

import (
	"errors"

	"github.com/coder/websocket"
)

// Bye is the last frame to a guest: why the connection ends, and whether to come
// back by itself. The zero Bye ends a connection without a word.
type Bye struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
	Again  bool   `json:"again"`
}

func (Bye) frame() {}

// Why a connection ends.
const (
	ByeProto   = "WP-PROTO"
	ByeVersion = "WP-VERSION"
	ByePass    = "WP-PASS"
	ByeRemoved = "WP-REMOVED"
	ByeBanned  = "WP-BANNED"
	ByeEnded   = "WP-ENDED"
	ByeClosing = "WP-CLOSING"
	ByeSlow    = "WP-SLOW"
	ByeMoved   = "WP-MOVED"
	ByeFull    = "WP-FULL"
)

// An ending is what a code means to people and to the carriers.
type ending struct {
	reason string
	again  bool
	status websocket.StatusCode
}

var endings = map[string]ending{
	ByeProto:   {"What was sent could not be understood. Reload the page, or update the program.", false, websocket.StatusPolicyViolation},
	ByeVersion: {"The two sides are of different versions: update the older one.", false, websocket.StatusPolicyViolation},
	ByePass:    {"Your pass is not valid here any more. Ask the host for a new invitation.", false, websocket.StatusPolicyViolation},
	ByeRemoved: {"You were removed from this party. Ask the host for a new invitation.", false, websocket.StatusPolicyViolation},
	ByeBanned:  {"You are banned from this house. Only its host can change that.", false, websocket.StatusPolicyViolation},
	ByeEnded:   {"The party is over.", false, websocket.StatusNormalClosure},
	ByeClosing: {"The host is closing. You will be back when it is.", true, websocket.StatusTryAgainLater},
	ByeSlow:    {"Your connection was too slow to follow. Trying again.", true, websocket.StatusTryAgainLater},
	ByeMoved:   {"Another party is on now.", true, websocket.StatusTryAgainLater},
	ByeFull:    {"The host has no room for another connection. Trying again.", true, websocket.StatusTryAgainLater},
}

// Goodbye is the bye of a code, with the sentence people get to read.
func Goodbye(code string) Bye {
	e := endings[code]
	return Bye{code, e.reason, e.again}
}

// ByeFor is the bye that an error of [Conn.Read] or [Conn.Write] asks for: WP-PROTO
// for a [*ProtoError], WP-SLOW for [ErrSlow], none for a connection that is gone.
func ByeFor(err error) Bye {
	if e, ok := errors.AsType[*ProtoError](err); ok {
		return Bye{ByeProto, e.Reason, false}
	}
	if errors.Is(err, ErrSlow) {
		return Goodbye(ByeSlow)
	}
	return Bye{}
}

// quicCode is the application error a connection is closed with.
func (b Bye) quicCode() uint64 {
	if b.Code == "" || b.Code == ByeClosing {
		return CodeDone
	}
	return CodeEnded
}

// status is the status a WebSocket is closed with (RFC 6455 §7.4).
func (b Bye) status() websocket.StatusCode {
	if e, ok := endings[b.Code]; ok {
		return e.status
	}
	if b.Code == "" {
		return websocket.StatusNormalClosure
	}
	return websocket.StatusPolicyViolation
}
