package web

import (
	"time"

	ics "github.com/arran4/golang-ical"
)

const (
	usualLength = 3 * time.Hour // of an evening, in a calendar
	remindAt    = "-PT30M"      // before it begins
)

// calendar is the calendar file of a scheduled party (RFC 5545), with the link to it. Its moments are in UTC, so that they need no table of zones;
// its UID is the same for ever, and its SEQUENCE rises with each change.
func (s *Server) calendar(c Coming, secret string) any {
	return map[string]string{"ics": calendarOf(c, s.desk.Link(secret), s.Clock.Now())}
}

func calendarOf(c Coming, link string, now time.Time) string {
	cal := ics.NewCalendarFor("watchparty")
	cal.SetMethod(ics.MethodPublish)
	e := cal.AddEvent(string(c.ID) + "@watchparty")
	e.SetDtStampTime(now)
	e.SetStartAt(c.Moment())
	e.SetEndAt(c.Moment().Add(usualLength))
	e.SetSequence(c.Sequence)
	e.SetSummary(c.Name)
	if c.Words != "" {
		e.SetDescription(c.Words + "\n" + link)
	} else {
		e.SetDescription(link)
	}
	e.SetURL(link)
	if c.Cancelled {
		e.SetStatus(ics.ObjectStatusCancelled)
		return cal.Serialize(ics.WithNewLineWindows)
	}
	alarm := e.AddAlarm()
	alarm.SetAction(ics.ActionDisplay)
	alarm.SetDescription(c.Name)
	alarm.SetTrigger(remindAt)
	return cal.Serialize(ics.WithNewLineWindows)
}
