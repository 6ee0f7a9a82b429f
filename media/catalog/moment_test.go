package catalog

import (
	"testing"
	"time"
)

func TestParseMoment(t *testing.T) {
	tests := []struct{ zone, written, want string }{
		{"Europe/Paris", "2026-01-01", "2025-12-31T23:00:00Z"},
		{"Europe/Paris", "2026-07-01", "2026-06-30T22:00:00Z"},
		{"Europe/Paris", "2026-03-29", "2026-03-28T23:00:00Z"}, // clocks change at 2
		{"Europe/Paris", "2026-10-25", "2026-10-24T22:00:00Z"},
		{"UTC", "2028-02-29", "2028-02-29T00:00:00Z"},
		{"America/Havana", "2025-03-09", "2025-03-09T05:00:00Z"},    // 0:00 is skipped
		{"America/Havana", "2025-11-02", "2025-11-02T04:00:00Z"},    // 0:00 comes twice
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"}, // 0:00 is skipped
		{"America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"}, // 23:00 the day before came twice
		{"Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z"},       // 0:00 is skipped
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z"},      // the day before did not exist
		{"Europe/Paris", "2026-01-01T20:00:00+05:00", "2026-01-01T15:00:00Z"},
		{"Europe/Paris", "2026-01-01T20:00:00Z", "2026-01-01T20:00:00Z"},
	}
	for _, test := range tests {
		got, ok := parseMoment(test.written, zone(t, test.zone))
		if !ok || got.UTC().Format(time.RFC3339) != test.want {
			t.Errorf("%s in %s is %s, %t; want %s", test.written, test.zone, got.UTC().Format(time.RFC3339), ok, test.want)
		}
	}
	for _, s := range []string{"", "2026", "2026-1-1", "2026-02-29", "2026-13-01", "01/02/2026", "2026-01-01 20:00",
		"2026-01-01T20:00:00", "0001-01-01", "0001-01-01T00:00:00Z", "1969-12-31", "tomorrow"} {
		if got, ok := parseMoment(s, time.UTC); ok {
			t.Errorf("%q is read as %s", s, got)
		}
	}
}

// Every day of many years starts at an instant that belongs to it, and the one before does not.
func TestFirstMomentIsFirst(t *testing.T) {
	for _, name := range []string{"Europe/Paris", "America/Havana", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo",
		"Asia/Tehran", "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns", "UTC"} {
		z := zone(t, name)
		for day := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < 2030; day = day.AddDate(0, 0, 1) {
			y, m, d := day.Date()
			first := firstMoment(y, m, d, z)
			if first.Day() != d {
				if time.Date(y, m, d, 12, 0, 0, 0, z).Day() != d {
					continue // a day the zone left out
				}
				t.Errorf("%s in %s begins at %s", day.Format(time.DateOnly), name, first)
			}
			if first.Add(-time.Second).Day() == d {
				t.Errorf("%s in %s begins at %s, which is not its first second", day.Format(time.DateOnly), name, first)
			}
		}
	}
}
