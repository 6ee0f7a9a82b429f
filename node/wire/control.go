package wire

import (
	"encoding/json"
	"math"
	"time"
)

// Ping asks for the host's time. The client chooses the id.
type Ping struct {
	ID int64 `json:"id"`
}

func (Ping) frame() {}

// Pong answers a ping.
type Pong struct {
	ID   int64   `json:"id"`
	Time float64 `json:"time"` // host time, see [Millis]
}

func (Pong) frame() {}

// Record is a party's record in its own bytes; party.DecodeRecord reads it.
type Record json.RawMessage

func (Record) frame() {}

// UnmarshalJSON keeps the bytes as they came.
func (r *Record) UnmarshalJSON(b []byte) error {
	*r = append((*r)[:0], b...)
	return nil
}

// Millis is a moment on the wire: Unix milliseconds, with microseconds behind the
// point.
func Millis(t time.Time) float64 { return float64(t.UnixMicro()) / 1000 }

// Moment is what [Millis] came from. A number that is no moment of this epoch is
// the zero time.
func Moment(ms float64) time.Time {
	if !(math.Abs(ms) < 1e15) {
		return time.Time{}
	}
	return time.UnixMicro(int64(math.Round(ms * 1000)))
}
