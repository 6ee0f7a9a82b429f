package party_test

import (
	"errors"
	"testing"
	"time"

	"watchparty/node/party"
)

// TestScheduledDoors: doors open at the moment that was promised, in whichever zone the host's machine is by then and though summer time ended in between; a
// party that was called off, or is long over, lets nobody in.
func TestScheduledDoors(t *testing.T) {
	paris := time.FixedZone("CEST", 2*3600)
	promised := time.Date(2026, 10, 25, 2, 30, 0, 0, paris) // 02:30 comes twice that night: this is the first
	s := party.Scheduled{Name: "Night", At: promised.UnixMilli(), Doors: 15}
	for _, zone := range []*time.Location{paris, time.FixedZone("CET", 3600), time.FixedZone("JST", 9*3600)} {
		for _, c := range []struct {
			after time.Duration
			code  string
		}{{-15*time.Minute - time.Millisecond, "WP-DOORS"}, {-15 * time.Minute, ""}, {time.Hour, ""}, {party.ScheduledOver + time.Millisecond, "WP-INVITE-EXPIRED"}} {
			err := s.Door(promised.Add(c.after).In(zone))
			var no *party.Refusal
			if errors.As(err, &no); c.code == "" && err != nil || c.code != "" && (no == nil || no.Code != c.code) {
				t.Errorf("in %v, %v after: %v, want %q", zone, c.after, err, c.code)
			}
		}
	}
	s.Opened = true
	if err := s.Door(promised.Add(-time.Hour)); err != nil {
		t.Errorf("opened early: %v", err)
	}
	var no *party.Refusal
	if s.Cancelled = true; !errors.As(s.Door(promised), &no) || no.Code != "WP-CANCELLED" {
		t.Errorf("called off: %v", s.Door(promised))
	}
}
