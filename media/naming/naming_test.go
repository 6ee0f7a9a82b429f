package naming

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
)

// enough is the share of names that must come out right.
const enough = 0.95

// TestNames reads a table of names as they are found on people's disks. It is not bent to what
// the package can do: what comes out wrong is listed.
func TestNames(t *testing.T) {
	text, err := os.ReadFile("testdata/names.tsv")
	if err != nil {
		t.Fatal(err)
	}
	all, right := 0, 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, want, _ := strings.Cut(line, "\t")
		all++
		if got := row(Parse(name)); got == strings.TrimRight(want, "\t") {
			right++
		} else {
			t.Logf("%s\n\tis taken for %q\n\tbut it means %q", name, got, want)
		}
	}
	t.Logf("%d of %d names come out right", right, all)
	if all < 300 || float64(right) < enough*float64(all) {
		t.Errorf("%d of %d names come out right, and at least %.0f %% of 300 must", right, all, enough*100)
	}
}

// row writes a file as the table does.
func row(f File) string {
	number := func(n int) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprint(n)
	}
	season, more := number(f.Season), f.IMDb
	var episodes []string
	for _, n := range f.Episodes {
		episodes = append(episodes, fmt.Sprint(n))
	}
	switch f.Kind {
	case Episode:
		season, more = fmt.Sprint(f.Season), f.Name
	case Music:
		if f.Artist != "" {
			more = f.Artist + "/" + f.Album
		}
	case Subtitle, Audio:
		more = strings.Join(append([]string{f.Lang}, f.Flags...), ".")
	case Poster:
		if season = fmt.Sprint(f.Season); f.Season < 0 {
			season = ""
		}
	case Fanart, Thumb, Art:
		season = ""
	case Note:
		return string(f.Kind)
	}
	return strings.TrimRight(strings.Join([]string{string(f.Kind), f.Title, number(f.Year), season, strings.Join(episodes, ","),
		number(f.Part), f.Edition, more}, "\t"), "\t")
}

func TestVersionAndStem(t *testing.T) {
	if f := Parse("Heat (1995)/Heat (1995) - 2160p.mkv"); f.Version != "2160p" {
		t.Errorf("the version is %q", f.Version)
	}
	for name, want := range map[string]string{
		"a/Heat (1995).en.forced.srt": "Heat (1995)", "a/Heat (1995)-fanart.jpg": "Heat (1995)", "a/Heat.nfo": "Heat", "a/movie.nfo": "", "a/poster.jpg": "",
	} {
		if f := Parse(name); f.Stem != want {
			t.Errorf("%s belongs to %q, not %q", name, f.Stem, want)
		}
	}
	if !Same("Mr. Robot", "mr.robot") || Same("Alien", "Aliens") {
		t.Error("names are not compared by their letters")
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "/", "a.mkv", "../x.mkv", "S01E01-E99999.mkv", "Show/Season 1/1.mkv", "[a](2000).mkv", "\xff.mkv", "第1話.mkv",
		"é-İ (2001) [tt1234567].avi", "a.s1e1-e2-e3.mkv", "A/B/cd 1/1-1 x.mp3", "x.en.forced.srt", "season01-poster.jpg", " .mkv", "EXTENDED.2001.ÉDITION CUT.mkv"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		one, two := Parse(name), Parse(name)
		if !reflect.DeepEqual(one, two) {
			t.Errorf("%q is %+v and %+v", name, one, two)
		}
		if one.Kind == "" || len(one.Episodes) > 2*maxRange {
			t.Errorf("%q is %+v", name, one)
		}
		if (one.Kind == Film || one.Kind == Episode || one.Kind == Music) && one.Title == "" {
			t.Errorf("%q has no title", name)
		}
	})
}
