package catalog

import "time"

// The years a date in a catalog may lie in. The zero time means "no bound", so it must not be
// possible to write it.
const firstYear, lastYear = 1970, 9999

// parseMoment reads a day, which stands for its first moment in the zone, or an instant of
// RFC 3339.
func parseMoment(s string, zone *time.Location) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, s)
	if err == nil {
		t = firstMoment(t.Year(), t.Month(), t.Day(), zone)
	} else if t, err = time.Parse(time.RFC3339, s); err != nil {
		return time.Time{}, false
	}
	t = t.In(zone)
	return t, t.Year() >= firstYear && t.Year() <= lastYear
}

// firstMoment is the first instant of a day. That is midnight, except where the clocks change
// then: midnight may be skipped, or come twice, and [time.Date] promises neither side.
func firstMoment(year int, month time.Month, day int, zone *time.Location) time.Time {
	noon := time.Date(year, month, day, 12, 0, 0, 0, zone)
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	change, _ := noon.ZoneBounds()
	_, after := noon.Zone()
	_, before := change.Add(-1).Zone()
	first := time.Date(year, month, day, 0, 0, 0, 0, zone)
	for _, t := range []time.Time{
		midnight.Add(-time.Duration(before) * time.Second),
		midnight.Add(-time.Duration(after) * time.Second),
	} {
		t = t.In(zone)
		if y, m, d := t.Date(); y == year && m == month && d == day &&
			(first.Day() != day || t.Before(first)) {
			first = t
		}
	}
	return first
}
