package wire

import (
	"fmt"

	"watchparty/node/party"
)

// Hello is a client's first frame on a control connection.
type Hello struct {
	V      int       `json:"v"`
	Token  string    `json:"token"`
	Screen string    `json:"screen"`          // page, node, mpv, none
	Lang   string    `json:"lang,omitempty"`  // of reasons, as in Accept-Language
	Party  party.ID  `json:"party,omitempty"` // folded already
	Seq    party.Seq `json:"seq,omitempty"`   // up to here

	Was party.ScreenID `json:"was,omitempty"` // of the connection that broke, which ends
}

func (Hello) frame() {}

// check knows the kinds of screens: they end up in the party's log.
func (h Hello) check() error {
	switch h.Screen {
	case "page", "node", "mpv", "none":
		return nil
	}
	return fmt.Errorf("no such screen: %.20q", h.Screen)
}

// Welcome is the host's answer to a hello that it accepts.
type Welcome struct {
	V        int            `json:"v"`
	Party    party.ID       `json:"party"`
	Name     string         `json:"name"`
	Member   party.MemberID `json:"member"`
	Screen   party.ScreenID `json:"screen"`
	Time     float64        `json:"time"`               // host time, see [Millis]
	Host     string         `json:"host"`               // the deciding host's fingerprint
	Snapshot *party.State   `json:"snapshot,omitempty"` // nil: records go on after hello's seq
}

func (Welcome) frame() {}
