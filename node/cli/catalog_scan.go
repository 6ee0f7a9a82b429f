package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"watchparty/media/scan"
)

// maxShown is how many lines of one sort a summary has.
const maxShown = 50

type scanFlags struct {
	file  string
	dry   bool
	again bool
	json  bool
}

func newCatalogScan(s streams) *cobra.Command {
	var flags scanFlags
	c := &cobra.Command{
		Use:   "scan DIR…",
		Short: "write a catalog of the films in folders",
		Long: "Find films, series and music in folders and write them into a catalog that you can edit. What you wrote there\n" +
			"stays: a second scan adds what is new, follows files that were moved, and takes nothing away.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			index, err := scan.IndexOf(flags.file)
			if err != nil {
				index = "" // every scan is a first one
			}
			p := progress{out: s.err, json: flags.json, bar: !flags.json && isTerminal(s.err)}
			if flags.json {
				p.out = s.out
			}
			report, err := scan.Run(c.Context(), scan.Options{Catalog: flags.file, Folders: args, Index: index,
				Again: flags.again, Dry: flags.dry, Now: time.Now(), Progress: p.show})
			p.clear()
			if err != nil {
				return err
			}
			return flags.tell(s.out, report)
		},
	}
	c.Flags().StringVarP(&flags.file, "out", "o", "catalog.yaml", "the catalog to write or to add to")
	c.Flags().BoolVar(&flags.dry, "dry-run", false, "write nothing, only say what would be written")
	c.Flags().BoolVar(&flags.again, "again", false, "also add films that you took out of the catalog")
	c.Flags().BoolVar(&flags.json, "json", false, "one JSON object per line on stdout, for programs")
	return c
}

// scanExit is the exit code of a scan that failed: wrong use, but for what is about the disk or
// the moment.
func scanExit(e *scan.Error) int {
	switch e.Code {
	case "WP-SCAN-WRITE":
		return exitUnwritten
	case "WP-SCAN-STOPPED", "WP-SCAN-CHANGED":
		return exitOurs
	}
	return exitUsage
}

// tell says what a scan found.
func (flags *scanFlags) tell(w io.Writer, r *scan.Report) error {
	if flags.json {
		return flags.tellJSON(w, r)
	}
	b := &strings.Builder{}
	verb := "added to"
	if flags.dry {
		verb = "would be added to"
	}
	fmt.Fprintf(b, "%s found in %s, %d new %s %s.\n", several(r.Found, "film, episode or piece of music", "films, episodes and pieces of music"),
		plain(r.Library), len(r.New), verb, plain(flags.file))
	section(b, "New", len(r.New), func(i int) string { return r.New[i].Name + "  (" + r.New[i].File + ")" })
	section(b, "Moved", len(r.Moved), func(i int) string { return r.Moved[i].From + " is now " + r.Moved[i].To })
	section(b, "Not there now; the titles stay in the catalog", len(r.Offline), func(i int) string { return r.Offline[i] })
	section(b, "Left out", len(r.LeftOut), func(i int) string {
		return r.LeftOut[i].File + ": " + r.LeftOut[i].Code + ": " + r.LeftOut[i].Why
	})
	if r.Extras > 0 {
		fmt.Fprintf(b, "%s left out.\n", several(r.Extras, "trailer, sample or other extra", "trailers, samples and other extras"))
	}
	if r.TakenOut > 0 {
		fmt.Fprintf(b, "%s taken out of the catalog by you; --again adds what you took out.\n", several(r.TakenOut, "title was", "titles were"))
	}
	if r.Unknown > 0 {
		fmt.Fprintln(b, "WP-FFMPEG-MISSING: ffprobe is not installed, so broken files were not noticed; install ffmpeg, then scan again.")
	}
	switch {
	case r.Created && !flags.dry:
		fmt.Fprintf(b, "Everybody whose region you know may watch these films. To change that, edit \"regions\" in %s.\n", plain(flags.file))
	case flags.dry:
		fmt.Fprintln(b, "Nothing was written.")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// tellJSON says it to a program: an event for each title, file and move, and one that counts.
func (flags *scanFlags) tellJSON(w io.Writer, r *scan.Report) error {
	type with map[string]any
	events := []with{}
	for _, n := range r.New {
		events = append(events, with{"event": "new", "id": n.ID, "title": n.Name, "file": n.File})
	}
	for _, m := range r.Moved {
		events = append(events, with{"event": "moved", "from": m.From, "to": m.To})
	}
	for _, file := range r.Offline {
		events = append(events, with{"event": "offline", "file": file})
	}
	for _, l := range r.LeftOut {
		events = append(events, with{"event": "left-out", "file": l.File, "code": l.Code, "reason": l.Why})
	}
	events = append(events, with{"event": "scanned", "catalog": flags.file, "library": r.Library, "titles": r.Titles, "found": r.Found,
		"probed": r.Probed, "new": len(r.New), "moved": len(r.Moved), "offline": len(r.Offline), "leftOut": len(r.LeftOut),
		"extras": r.Extras, "takenOut": r.TakenOut, "unknown": r.Unknown, "written": !flags.dry})
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, event := range events {
		if err := e.Encode(event); err != nil {
			return err
		}
	}
	return nil
}

func several(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// section lists things under a heading.
func section(w io.Writer, heading string, n int, item func(int) string) {
	if n == 0 {
		return
	}
	fmt.Fprintf(w, "%s:\n", heading)
	for i := range min(n, maxShown) {
		fmt.Fprintf(w, "  %s\n", plain(item(i)))
	}
	if n > maxShown {
		fmt.Fprintf(w, "  and %d more; --json names them all\n", n-maxShown)
	}
}

// progress shows how far a scan is: a bar that is drawn anew in a terminal, else a line for
// every hundredth of the files.
type progress struct {
	out   io.Writer
	json  bool
	bar   bool
	last  int // hundredths, when it was said last
	begun bool
}

const barWidth = 30

func (p *progress) show(done, of int, name string) {
	part := done * 100 / max(of, 1)
	switch {
	case p.bar:
		full := done * barWidth / max(of, 1)
		text := []rune(plain(name))
		fmt.Fprintf(p.out, "\r\x1b[K[%s%s] %d/%d %s", strings.Repeat("#", full), strings.Repeat(".", barWidth-full), done, of, string(text[:min(len(text), 36)]))
	case p.begun && part == p.last:
		return
	case p.json:
		if b, err := json.Marshal(map[string]any{"event": "progress", "done": done, "of": of, "file": name}); err == nil {
			fmt.Fprintf(p.out, "%s\n", b)
		}
	default:
		fmt.Fprintf(p.out, "%d of %d: %s\n", done, of, plain(name))
	}
	p.begun, p.last = true, part
}

// clear takes the bar away.
func (p *progress) clear() {
	if p.bar && p.begun {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
