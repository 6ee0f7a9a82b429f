package party

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// The two tables below are the only dispatch there is: a name on the wire, and
// what it stands for.

// events maps each kind of record to its type.
var events = map[string]Event{
	"opened": Opened{}, "resumed": Resumed{}, "ended": Ended{}, "ordered": Ordered{},
	"joined": Joined{}, "came": Came{}, "went": Went{}, "renamed": Renamed{},
	"sat":   Sat{},
	"muted": Muted{}, "removed": Removed{},
	"timed": Timed{}, "queued": Queued{}, "dequeued": Dequeued{},
	"urged": Urged{}, "measured": Measured{}, "announced": Announced{}, "stayed": Stayed{}, "sifted": Sifted{},
	"balloted": Balloted{}, "approved": Approved{}, "vetoed": Vetoed{}, "barred": Barred{}, "counted": Counted{},
	"said": Said{}, "pinned": Pinned{},
	"reacted": Reacted{}, "recalled": Recalled{}, "quoted": Quoted{},
	"credited": Credited{}, "subscribed": Subscribed{}, "gifted": Gifted{}, "aimed": Aimed{},
	"polled": Polled{}, "voted": Voted{}, "closed": PollClosed{},
	"moved": Moved{}, "backed": Backed{}, "resolved": Resolved{},
	"predicted": Predicted{}, "wagered": Wagered{}, "locked": PredictionLocked{}, "settled": PredictionSettled{},
	"banned": Banned{}, "erased": Erased{}, "ruled": Ruled{},
	"beckoned": Beckoned{}, "staged": Staged{}, "bowed": Bowed{}, "hushed": Hushed{},
}

// wishes maps each wish that people may send to its type. What only the house
// wishes is not here.
var wishes = map[string]Command{
	"say": Say{}, "pin": Pin{}, "cheer": Cheer{}, "credit": Credit{}, "subscribe": Subscribe{}, "gift": Gift{}, "aim": Aim{},
	"cue": Cue{}, "play": Play{}, "pause": Pause{}, "seek": Seek{}, "next": Next{}, "urge": Urge{}, "stay": Stay{}, "live": GoLive{},
	"enqueue": Enqueue{}, "dequeue": Dequeue{}, "rename": Rename{}, "sit": Sit{},
	"mute": Mute{}, "unmute": Unmute{}, "remove": Remove{}, "role": SetRole{}, "grant": Grant{},
	"ask": Ask{}, "approve": Approve{}, "veto": Veto{}, "count": Count{},
	"poll": StartPoll{}, "vote": Vote{}, "close": ClosePoll{}, "back": Back{},
	"predict": Predict{}, "wager": Wager{}, "lock": Lock{}, "settle": Settle{},
	"ban": Ban{}, "unban": Unban{}, "erase": Erase{}, "rule": Rule{},
	"set": Set{}, "end": End{}, "recall": Recall{},
	"beckon": Beckon{}, "bow": Bow{}, "hush": Hush{},
}

var kindNames = func() map[reflect.Type]string {
	names := map[reflect.Type]string{}
	for kind, e := range events {
		names[reflect.TypeOf(e)] = kind
	}
	for kind, c := range wishes {
		names[reflect.TypeOf(c)] = kind
	}
	return names
}()

// Unknown is an event of a kind that this version does not know. It is kept and
// passed on, and changes nothing.
type Unknown struct {
	Kind string
	Body json.RawMessage
}

func (Unknown) apply(*State, Record) {}

func kindOf(v any) (string, error) {
	if kind, ok := kindNames[reflect.TypeOf(v)]; ok {
		return kind, nil
	}
	return "", fmt.Errorf("%T has no name on the wire", v)
}

func decodeEvent(kind string, body json.RawMessage) (Event, error) {
	zero, ok := events[kind]
	if !ok {
		return Unknown{kind, body}, nil
	}
	v := reflect.New(reflect.TypeOf(zero))
	if err := json.Unmarshal(body, v.Interface()); err != nil {
		return nil, err
	}
	return v.Elem().Interface().(Event), nil
}

// A Wish is a command with the nonce that makes it happen at most once.
type Wish struct {
	Nonce   Nonce
	Command Command
}

// Kind is the wish's name on the wire; empty for one that has none.
func (w Wish) Kind() string { return kindNames[reflect.TypeOf(w.Command)] }

// MarshalJSON writes the wish as it goes over the wire: {"nonce":"1","say":{…}}.
func (w Wish) MarshalJSON() ([]byte, error) {
	kind, err := kindOf(w.Command)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"nonce": w.Nonce, kind: w.Command})
}

// UnmarshalJSON reads a wish. What cannot be understood is a [Refusal], with the
// nonce set where there was one, so that the sender can be answered.
func (w *Wish) UnmarshalJSON(b []byte) error {
	var head struct{ Nonce Nonce }
	if err := json.Unmarshal(b, &head); err != nil {
		return refuse("WP-BAD", "That wish could not be read: send an object with a nonce and one wish.")
	}
	w.Nonce = head.Nonce
	if len(w.Nonce) == 0 || len(w.Nonce) > 64 {
		return refuse("WP-BAD", "A wish needs a nonce of 1 to 64 characters.")
	}
	kind, body, err := oneKind(b, "nonce")
	if err != nil {
		return refuse("WP-BAD", "A wish names exactly one thing to do.")
	}
	zero, ok := wishes[kind]
	if !ok {
		return refuse("WP-BAD", "This host does not know that wish.")
	}
	v := reflect.New(reflect.TypeOf(zero))
	if err := json.Unmarshal(body, v.Interface()); err != nil {
		return refuse("WP-BAD", "That "+kind+" could not be read: look at its fields.")
	}
	w.Command = v.Elem().Interface().(Command)
	return nil
}
