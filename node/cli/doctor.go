package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"watchparty/store"
)

// What a check-up finds.
const (
	fine    = "ok"
	note    = "note"    // works, but something is missing or slower
	problem = "problem" // would stop a party
)

// A finding is one line of a check-up.
type finding struct {
	Check  string `json:"check"`
	Status string `json:"status"`
	Text   string `json:"text"`
}

type doctorOptions struct {
	data, listen, region, geoip, catalog, host string
	https, json, remote                        bool
}

func newDoctor(s streams) *cobra.Command {
	o := doctorOptions{}
	c := &cobra.Command{
		Use:   "doctor",
		Short: "say in words what would stop a party here",
		Long: "Look at what a party needs here and say what is missing, one line each: ok, note (it works, with less), or\n" +
			"problem (no party would be possible). The exit code is 1 if there is a problem.",
		RunE: func(c *cobra.Command, _ []string) error { return runDoctor(c.Context(), o, s) },
	}
	f := c.Flags()
	f.StringVar(&o.data, "data", stateDir(), "data folder to look at")
	f.StringVar(&o.listen, "listen", ":8470", "address the party would have")
	f.StringVar(&o.region, "region", "", "country of this house, two letters; default from the system's locale")
	f.StringVar(&o.geoip, "geoip", "", "MaxMind file to look at as well, which would tell the country of guests from outside")
	f.BoolVar(&o.https, "https", false, "whether pages would be served over HTTPS too")
	f.BoolVar(&o.remote, "remote", false, "ask the router whether friends elsewhere could come in; nothing is opened")
	f.StringVar(&o.host, "host", "", "HOST:PORT or invitation of a party elsewhere: by which roads it is reached from here")
	f.StringVar(&o.catalog, "catalog", "", "catalog file to check as well")
	f.BoolVar(&o.json, "json", false, "one JSON object a line")
	return c
}

func runDoctor(ctx context.Context, o doctorOptions, s streams) error {
	checks := []func(context.Context, doctorOptions) []finding{
		checkFolder, checkDatabase, checkPort, checkUDP, checkMulticast, checkAddresses, checkCameras, checkBuffers, checkFiles, checkBBR,
		checkPrograms, checkClock, checkRegion, checkGeoIP, checkShelf, checkNodes, checkRoads, checkRemote,
	}
	problems := 0
	for _, check := range checks {
		for _, f := range check(ctx, o) {
			if f.Status == problem {
				problems++
			}
			if err := printFinding(s.out, f, o.json); err != nil {
				return err
			}
		}
	}
	switch problems {
	case 0:
		return nil
	case 1:
		return errors.New("One problem would stop a party here.")
	}
	return fmt.Errorf("%d problems would stop a party here.", problems)
}

func printFinding(w io.Writer, f finding, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(struct {
			Event string `json:"event"`
			finding
		}{"check", f})
	}
	text := strings.ReplaceAll(f.Text, "\n", "\n"+strings.Repeat(" ", 22))
	_, err := fmt.Fprintf(w, "%-8s %-12s %s\n", f.Status, f.Check, text)
	return err
}

const (
	// lowSpace is worth a word: converted films and pictures of hours need about as much, bytes.
	lowSpace = 1 << 30
	// noSpace is too little for the log of an evening and its copies, bytes.
	noSpace = 32 << 20
)

// checkFolder tries to write where the party would, or where its folder would be made.
func checkFolder(_ context.Context, o doctorOptions) (found []finding) {
	const name = "data folder"
	dir := o.data
	info, err := os.Stat(dir)
	for errors.Is(err, fs.ErrNotExist) && filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
		info, err = os.Stat(dir)
	}
	probe, err := os.CreateTemp(dir, ".new-*")
	if err == nil {
		err = errors.Join(probe.Close(), os.Remove(probe.Name()))
	}
	if err != nil {
		return []finding{{name, problem, (&store.WriteError{Path: o.data, Err: err}).Error()}}
	}
	if info != nil && dir == o.data && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		found = append(found, finding{name, note, fmt.Sprintf("Others on this machine can look into %s, where the host's key is: chmod 700 %s", dir, dir)})
	}
	free, err := freeSpace(dir)
	text := fmt.Sprintf("%s can be written; %.1f GB are free.", o.data, float64(free)/1e9)
	status := fine
	switch {
	case err != nil:
		status, text = note, fmt.Sprintf("How much space is free on the disk of %s cannot be told: %v.", o.data, err)
	case free < noSpace:
		status, text = problem, fmt.Sprintf("The disk of %s is full: free some space, or choose another folder with --data.", o.data)
	case free < lowSpace:
		status = note
	}
	return append(found, finding{name, status, text})
}

func checkDatabase(ctx context.Context, o doctorOptions) []finding {
	const name = "database"
	report, err := store.Check(filepath.Join(o.data, databaseName))
	var damaged *store.DamagedError
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		if errors.As(noDatabase(o.data), &damaged) {
			return []finding{{name, problem, damaged.Error()}}
		}
		return []finding{{name, fine, "There is none yet; the first party makes it."}}
	case errors.As(err, &damaged):
		return []finding{{name, problem, damaged.Error() + " Or just start: `watchparty serve` mends what can be mended."}}
	case err != nil:
		return []finding{{name, problem, err.Error()}}
	}
	return []finding{{name, fine, fmt.Sprintf("It is sound. Parties: %d, records: %d, people: %d.", report.Parties, report.Records, report.Accounts)}}
}

// programs are those that are used where they are found.
var programs = []struct{ name, without string }{
	{"ffmpeg", "films are shown as they are, so that those of kinds no browser plays cannot be watched"},
	{"ffprobe", "nothing is known of a film before it is played"},
	{"mpv", "`watchparty join` shows films in the browser alone"},
}

func checkPrograms(context.Context, doctorOptions) (found []finding) {
	for _, p := range programs {
		f := finding{p.name, fine, ""}
		path, err := exec.LookPath(p.name)
		if f.Text = path; err != nil {
			f.Status, f.Text = note, fmt.Sprintf("%s is not installed: %s.", p.name, p.without)
		}
		found = append(found, f)
	}
	return found
}

// checkClock catches boards that start in 1970: dates in a catalog would not hold.
func checkClock(context.Context, doctorOptions) []finding {
	now := time.Now()
	if now.Year() < 2025 {
		return []finding{{"clock", problem, "This machine's clock says " + now.Format("2 January 2006, 15:04 MST") + ": set it, or dates in the catalog do not hold."}}
	}
	return []finding{{"clock", fine, now.Format("2 January 2006, 15:04 MST")}}
}

func checkRegion(_ context.Context, o doctorOptions) []finding {
	region, err := regionOf(o.region)
	switch {
	case err != nil:
		return []finding{{"region", problem, err.Error()}}
	case region == "":
		return []finding{{"region", note, "No region is known for this house, so guests who come by PIN see only what is open to the world: set it with --region."}}
	}
	return []finding{{"region", fine, string(region)}}
}

func checkShelf(_ context.Context, o doctorOptions) []finding {
	if o.catalog == "" {
		return nil
	}
	c, warnings, err := checkCatalog(o.catalog)
	switch {
	case err != nil:
		return []finding{{"catalog", problem, err.Error()}}
	case len(warnings) > 0:
		return []finding{{"catalog", note, warnings.Error()}}
	}
	return []finding{{"catalog", fine, fmt.Sprintf("%s has %s and no problems.", o.catalog, titleCount(c))}}
}
