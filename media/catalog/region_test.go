package catalog

import (
	"slices"
	"testing"
)

func TestParseRegion(t *testing.T) {
	count := 0
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			if r, ok := ParseRegion(string([]rune{a, b})); ok {
				count++
				if r != Region([]rune{a, b}) {
					t.Errorf("%c%c is read as %s", a, b, r)
				}
			}
		}
	}
	if count != 249 { // ISO 3166-1, officially assigned
		t.Errorf("%d countries, want 249", count)
	}
	for _, s := range []string{"fr", "FR", "gb", "no", "TW", "SS", "CW"} {
		if _, ok := ParseRegion(s); !ok {
			t.Errorf("%s is refused", s)
		}
	}
	for _, s := range []string{"", "F", "FRA", "250", "EU", "UN", "ZZ", "XK", "AA", "UK", "SU", "DD", "YU", "AN", "AC", "TP", "world", "é", "F ", "ſs"} {
		if r, ok := ParseRegion(s); ok {
			t.Errorf("%q is read as %s", s, r)
		}
	}
}

func TestEuropeanUnion(t *testing.T) {
	if len(europeanUnion) != 27 || !slices.IsSorted(europeanUnion) {
		t.Errorf("%d members, in order: %t", len(europeanUnion), slices.IsSorted(europeanUnion))
	}
	for _, r := range europeanUnion {
		if got, ok := ParseRegion(string(r)); !ok || got != r {
			t.Errorf("%s is no country", r)
		}
	}
}
