package naming

import (
	"reflect"
	"strings"
	"testing"
)

func TestNFO(t *testing.T) {
	tests := []struct {
		text string
		want []NFO
	}{
		{`<?xml version="1.0" encoding="UTF-8"?><movie><title>Alien</title><year>1979</year><plot>In
			space.</plot><mpaa>Rated R</mpaa><country>United States</country><country>UK</country>
			<uniqueid type="tmdb">348</uniqueid><uniqueid type="imdb" default="true">tt0078748</uniqueid>
			<actor><name>X</name><title>no</title></actor></movie>
			https://example.org/?a=1&b`,
			[]NFO{{Root: "movie", Title: "Alien", Year: 1979, Plot: "In space.", Age: 17, Countries: []string{"United States", "UK"}, IMDb: "tt0078748", Season: -1, Episode: -1}}},
		{`<episodedetails><title>A</title><season>1</season><episode>1</episode></episodedetails>
			<episodedetails><title>B &amp; C</title><season>1</season><episode>2</episode><aired>2004-09-22</aired></episodedetails>`,
			[]NFO{{Root: "episodedetails", Title: "A", Age: -1, Season: 1, Episode: 1}, {Root: "episodedetails", Title: "B & C", Year: 2004, Age: -1, Season: 1, Episode: 2}}},
		{"<?xml version='1.0' encoding='ISO-8859-1'?><tvshow><title>Am\xe9lie</title><mpaa>FSK 12</mpaa></tvshow>",
			[]NFO{{Root: "tvshow", Title: "Amélie", Age: 12, Season: -1, Episode: -1}}},
		{"https://www.imdb.com/title/tt0078748/", nil},
		{"", nil},
		{"<html><title>x</title></html>", nil},
		{"<movie>" + strings.Repeat("<a>", 100), nil},
		{"<!DOCTYPE m [<!ENTITY a \"aaaa\">]><movie><title>&a;x</title></movie>", []NFO{{Root: "movie", Title: "&a;x", Age: -1, Season: -1, Episode: -1}}},
		{strings.Repeat(" ", MaxNFO) + "<movie/>", nil},
	}
	for _, test := range tests {
		got, err := ParseNFO([]byte(test.text))
		if !reflect.DeepEqual(got, test.want) || (err == nil) != (test.want != nil) {
			t.Errorf("%.80q is\n%+v, %v\nwant\n%+v", test.text, got, err, test.want)
		}
	}
	for text, want := range map[string]int{"PG-13": 13, "US:TV-MA": 17, "DE:16": 16, "12A": 12, "Not Rated": -1, "18+": 18, "FSK-6": 6, "Tous publics": 0, "99": -1, "Rated R for war": 17} {
		got, ok := Age(text)
		if !ok {
			got = -1
		}
		if got != want {
			t.Errorf("%q is from %d, not %d", text, got, want)
		}
	}
}

func FuzzNFO(f *testing.F) {
	for _, seed := range []string{"", "<movie><title>A</title></movie>x", "<episodedetails><season>1</season></episodedetails><episodedetails/>",
		"<?xml version='1.0' encoding='latin1'?><tvshow>\xe9</tvshow>", "<movie><a><b><c>", "<movie>&#0;</movie>", "\xff\xfe<"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		one, err := ParseNFO(data)
		two, _ := ParseNFO(data)
		if !reflect.DeepEqual(one, two) || (err == nil) != (len(one) > 0) || len(one) > maxNFORoots {
			t.Errorf("%q is %+v and %+v, %v", data, one, two, err)
		}
		for _, n := range one {
			if strings.ContainsAny(n.Title+n.Plot, "\n\r\x00") {
				t.Errorf("%q gives more than a line: %+v", data, n)
			}
		}
	})
}
