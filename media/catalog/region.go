package catalog

import (
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// europeanUnion is what EU stands for: its 27 members.
var europeanUnion = []Region{
	"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
	"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
}

// notOfficial are codes that the language library takes for countries of today although
// ISO 3166-1 does not assign them: reserved for other uses, or withdrawn.
var notOfficial = []Region{"AC", "AN", "CP", "CS", "DG", "FQ", "NT", "PC", "SU", "TA", "YU"}

// ParseRegion reads a country code of ISO 3166-1 alpha-2, in capitals or not, and says whether
// it is officially assigned to a country of today.
func ParseRegion(s string) (Region, bool) {
	code := Region(strings.ToUpper(s))
	if len(s) != 2 || slices.Contains(notOfficial, code) {
		return "", false
	}
	known, err := language.ParseRegion(string(code))
	if err != nil || !known.IsCountry() || known.IsPrivateUse() ||
		known.Canonicalize() != known || known.String() != string(code) || known.ISO3() == "ZZZ" {
		return "", false
	}
	return code, true
}

// meantRegion guesses the country that somebody means by a code that is none, such as UK or DEU.
func meantRegion(s string) (Region, bool) {
	if s = strings.ToUpper(s); s == "EL" { // the European Union's own code for Greece
		return "GR", true
	}
	known, err := language.ParseRegion(s)
	if err != nil {
		return "", false
	}
	return ParseRegion(known.Canonicalize().String())
}
