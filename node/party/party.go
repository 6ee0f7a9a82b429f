// Package party is the domain of watchparty, and pure: what a party is, who may
// wish what, and what follows.
//
// A party is a log of records. A [Command] is a wish that [State.Decide] turns
// into events or into a [Refusal]; an [Event] is a fact that [State.Apply] folds
// into the state. Deciding and applying depend on nothing but their arguments: no
// clock, no network, no goroutine.
//
// One invariant holds everywhere: apply never changes in place what a field of
// the state points to. A shallow copy of a State is therefore a snapshot that
// anybody may read while its owner goes on.
package party

import (
	"time"

	"watchparty/media/catalog"
)

type (
	// ID names a party.
	ID string
	// MemberID names a person, at every party of a house.
	MemberID string
	// ScreenID names one connection of a member: a page, a player.
	ScreenID string
	// Seq is a position in the party's log, counted from 1.
	Seq uint64
	// Nonce is chosen by the sender of a wish; a wish is done at most once.
	Nonce string
)

// House is the author of what nobody asked for: an admission, a film's end.
const House MemberID = ""

// A Command is a wish. It says which power it takes and what follows from it.
// A command without a power does not compile.
type Command interface {
	power() Power
	decide(*State, Env) ([]Event, error)
}

// An Event is a fact: what has happened, in the past tense.
type Event interface{ apply(*State, Record) }

// Env is what a decision may know besides the state.
type Env struct {
	By     MemberID  // who wishes; House may wish anything
	Now    time.Time // host time, whole milliseconds
	Titles Titles
	Bank   Bank
	// Company is who is present and how their screens fare; nil: nobody is waited for.
	Company *Company
	// Evening is what the party adds up to so far; nil: nobody counted.
	Evening func() (Evening, error)
	// Record finds a record of the log; nil: only what the state holds is known.
	Record func(Seq) (Record, bool)
	// Past knows an evening of this house by its name and its opening, in Unix milliseconds; nil: it has had none.
	Past func(ID) (name string, opened int64, ok bool)
	// Draw is a number from 0 to below n, by chance.
	Draw func(n int) int
}

// Titles answers what the party may ask of the catalog.
type Titles interface {
	// Decide says whether v may watch the title at that moment.
	Decide(id catalog.TitleID, v catalog.Viewer, at time.Time) catalog.Decision
	// Length is the running time, 0 when it is not known.
	Length(id catalog.TitleID) time.Duration
	// Music says whether a title is music, of which the next piece follows at once.
	Music(id catalog.TitleID) bool
	// Live is where a live title stands: the earliest position of which there are pictures, and
	// the edge, beyond which there are none yet. It is not ok for what is not live.
	Live(id catalog.TitleID, now time.Time) (from, edge time.Duration, ok bool)
	// Next is the episode or the track after this one.
	Next(id catalog.TitleID) (catalog.TitleID, bool)
}

// A Refusal is the member's affair: it is sent back as it is. Any other error is
// ours: it is logged, and the member is told only that something broke.
type Refusal struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

func (r *Refusal) Error() string { return r.Code + ": " + r.Reason }

func refuse(code, reason string) error { return &Refusal{code, reason} }
