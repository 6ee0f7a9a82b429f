package party

import (
	"time"

	"watchparty/media/catalog"
)

// Scheduled is a party that is to be: a moment, and not a time on somebody's clock, so that no change of zone or of summer time moves it.
type Scheduled struct {
	ID        ID              `json:"id"`
	Name      string          `json:"name"`
	Title     catalog.TitleID `json:"title,omitempty"`
	At        int64           `json:"at"`       // Unix milliseconds
	Doors     int             `json:"doors"`    // minutes before, from which people are let in
	Sequence  int             `json:"sequence"` // how often it was changed (RFC 5545, 3.8.7.4)
	Cancelled bool            `json:"cancelled,omitempty"`
	Opened    bool            `json:"opened,omitempty"` // the doors are open
	Begun     bool            `json:"begun,omitempty"`  // its moment has come, and been seen
}

// ScheduledOver is how long after its moment a scheduled party is remembered, and its link good.
const ScheduledOver = 48 * time.Hour

// Moment is when it begins.
func (s Scheduled) Moment() time.Time { return moment(s.At) }

// Open says whether people are let in.
func (s Scheduled) Open(now time.Time) bool {
	return !s.Cancelled && (s.Opened || !now.Before(s.Moment().Add(-time.Duration(s.Doors)*time.Minute)))
}

// Door is why who was invited to it is not let in now, if so.
func (s Scheduled) Door(now time.Time) error {
	switch {
	case s.Cancelled:
		return refuse("WP-CANCELLED", "This party was called off. Ask the host when the next one is.")
	case now.After(s.Moment().Add(ScheduledOver)):
		return refuse("WP-INVITE-EXPIRED", "This invitation has expired. Ask the host for a new one.")
	case !s.Open(now):
		return refuse("WP-DOORS", "The doors are not open yet: the party begins on "+s.Moment().UTC().Format("2 January 2006 at 15:04 UTC")+".")
	}
	return nil
}
