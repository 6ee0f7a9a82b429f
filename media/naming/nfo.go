package naming

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Bounds of a note.
const (
	MaxNFO      = 1 << 20 // bytes
	maxNFODepth = 16      // elements inside each other
	maxNFORoots = 64      // episodes in one file
	maxNFOText  = 16 << 10
)

// An NFO is what a Kodi note says of a film, a series or an episode. What it does not say is
// zero; of Age, Season and Episode that is -1.
type NFO struct {
	Root            string // "movie", "tvshow" or "episodedetails"
	Title           string
	Show            string // of an episode: the series
	Plot            string
	Year            int
	Age             int // from which it may be watched, in years
	Countries       []string
	IMDb            string
	Season, Episode int
}

// ParseNFO reads a note. A file of several episodes has one root for each, one after the
// other; what follows the last one, such as an address, is passed over. The error is not nil if
// there is no root that is known, or if the note is larger or deeper than any note is.
func ParseNFO(data []byte) ([]NFO, error) {
	if len(data) > MaxNFO {
		return nil, fmt.Errorf("a note of %d bytes", len(data))
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.Strict, d.Entity = false, xml.HTMLEntity
	d.CharsetReader = charset
	var all []NFO
	for len(all) < maxNFORoots {
		token, err := d.Token()
		if err != nil {
			if len(all) > 0 {
				break
			}
			return nil, fmt.Errorf("no note: %w", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		root := strings.ToLower(start.Name.Local)
		n := NFO{Root: root, Age: -1, Season: -1, Episode: -1}
		whole := n.read(d)
		if root == "movie" || root == "tvshow" || root == "episodedetails" {
			all = append(all, n)
		}
		if whole != nil {
			if errors.Is(whole, errDeep) || len(all) == 0 {
				return nil, whole
			}
			break
		}
	}
	if len(all) == 0 {
		return nil, errors.New("no note")
	}
	return all, nil
}

var errDeep = fmt.Errorf("a note nested more than %d deep", maxNFODepth)

// read reads the children of a root to its end.
func (n *NFO) read(d *xml.Decoder) error {
	var text strings.Builder
	var kind string // of uniqueid
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxNFODepth {
				return errDeep
			}
			if depth == 2 {
				text.Reset()
				kind = ""
				for _, a := range token.Attr {
					if strings.EqualFold(a.Name.Local, "type") {
						kind = strings.ToLower(a.Value)
					}
				}
			}
		case xml.CharData:
			if depth == 2 && text.Len() < maxNFOText {
				text.Write(token)
			}
		case xml.EndElement:
			if depth == 2 {
				n.take(strings.ToLower(token.Name.Local), kind, oneLine(text.String()))
			}
			depth--
		}
	}
	return nil
}

// oneLine is a text without line breaks and control characters.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ")
}

// take notes one child.
func (n *NFO) take(name, kind, text string) {
	if text == "" {
		return
	}
	switch name {
	case "title":
		n.Title = text
	case "showtitle":
		n.Show = text
	case "plot":
		n.Plot = text
	case "outline":
		if n.Plot == "" {
			n.Plot = text
		}
	case "year":
		n.Year = year(text)
	case "premiered", "aired", "releasedate":
		if n.Year == 0 && len(text) >= 4 {
			n.Year = year(text[:4])
		}
	case "mpaa", "certification":
		if age, ok := Age(text); ok && age > n.Age {
			n.Age = age
		}
	case "country":
		if len(n.Countries) < 16 {
			n.Countries = append(n.Countries, text)
		}
	case "season":
		n.Season = number(text)
	case "episode":
		n.Episode = number(text)
	case "imdbid", "imdb_id", "id", "uniqueid":
		if m := imdb.FindStringSubmatch(text); m != nil && (name != "uniqueid" || kind == "imdb" || kind == "") {
			n.IMDb = m[1]
		}
	}
}

// ages are the certificates that are not numbers: of the MPAA and of American television, of
// the BBFC, and the French one for all. Where parents are to judge, it is the BBFC's 8 years.
var ages = map[string]int{
	"G": 0, "U": 0, "TV-Y": 0, "TV-G": 0, "APPROVED": 0, "TOUS PUBLICS": 0, "AL": 0,
	"TV-Y7": 7, "TV-Y7-FV": 7, "PG": 8, "TV-PG": 8, "PG-13": 13, "TV-14": 14, "R": 17, "TV-MA": 17, "M": 17, "NC-17": 18, "X": 18,
}

var ageInWords = regexp.MustCompile(`^(?:(?:FSK|DE|FR|GB|UK|NL|ES|IT|AT|CH|BE|DK|SE|NO|FI|PL|PT|IE)?[\s:\-]*)?(\d{1,2})(?:A|\+)?$`)

// Age reads a certificate, such as "PG-13", "Rated R", "FSK 16", "DE:12": the age in years from
// which a film may be watched.
func Age(text string) (years int, ok bool) {
	text = strings.ToUpper(strings.TrimSpace(text))
	text, _, _ = strings.Cut(text, " FOR ") // Rated R for violence
	text = strings.TrimSpace(strings.TrimPrefix(text, "RATED "))
	for _, prefix := range []string{"", "US:", "USA:", "UK:", "GB:", "FR:"} {
		if rest, found := strings.CutPrefix(text, prefix); found {
			if years, ok = ages[strings.TrimSpace(rest)]; ok {
				return years, true
			}
		}
	}
	if m := ageInWords.FindStringSubmatch(text); m != nil {
		if n := number(m[1]); n <= 21 {
			return n, true
		}
	}
	return 0, false
}

// charset reads the encodings in which notes are written: ASCII and Latin-1 beside UTF-8.
func charset(label string, in io.Reader) (io.Reader, error) {
	switch strings.ToLower(label) {
	case "utf-8", "utf8", "us-ascii", "ascii":
		return in, nil
	case "iso-8859-1", "latin1", "windows-1252":
		b, err := io.ReadAll(in)
		if err != nil {
			return nil, err
		}
		runes := make([]rune, len(b))
		for i, c := range b {
			runes[i] = rune(c)
		}
		return strings.NewReader(string(runes)), nil
	}
	return nil, fmt.Errorf("a note in %q", label)
}
