package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchparty/node"
	"watchparty/node/party"
	"watchparty/store"
)

// TestHelp asks every command for its help, which lists the exit codes.
func TestHelp(t *testing.T) {
	all := allCommands(newRoot(streams{}))
	if len(all) < 20 {
		t.Fatalf("%d commands", len(all))
	}
	for _, c := range all {
		t.Run(c.CommandPath(), func(t *testing.T) {
			var out, errOut bytes.Buffer
			args := append(strings.Fields(c.CommandPath())[1:], "--help")
			if code := Main(args, strings.NewReader(""), &out, &errOut); code != exitDone || errOut.Len() > 0 {
				t.Errorf("exit code %d, stderr %q", code, errOut.String())
			}
			for _, want := range []string{"Usage:", "Exit codes: 0 done;", "7 refused (the WP- code is on stderr)"} {
				if !strings.Contains(out.String(), want) {
					t.Errorf("help without %q:\n%s", want, out.String())
				}
			}
		})
	}
}

func TestExitCodes(t *testing.T) {
	wrap := func(err error) error { return fmt.Errorf("do: %w", err) }
	for _, c := range []struct {
		err  error
		code int
		says string
	}{
		{nil, 0, ""},
		{errQuiet, 0, ""},
		{errors.New("broken"), 1, "broken"},
		{wrap(&node.UsageError{Sentence: "Not so."}), 2, "Not so."},
		{&node.CatalogError{}, 2, ""},
		{wrap(&store.LockedError{Dir: "d", PID: 7}), 3, "process 7"},
		{wrap(&store.DamagedError{Path: "p", Why: "torn"}), 4, "torn"},
		{wrap(&store.VersionError{Path: "p", Have: 9, Can: 1}), 4, "format 9"},
		{wrap(&store.WriteError{Path: "p", Err: os.ErrPermission}), 5, "Cannot write to p"},
		{wrap(store.ErrFull), 5, "WP-DISK-FULL"},
		{wrap(&node.UnreachedError{Sentence: "Nobody."}), 6, "Nobody.\n"},
		{&node.UnreachedError{Sentence: "Nobody.", Err: &party.Refusal{Code: "WP-X"}}, 6, "Nobody.\n"},
		{wrap(&party.Refusal{Code: "WP-X", Reason: "No."}), 7, "WP-X: No."},
	} {
		var w bytes.Buffer
		if got := report(&w, c.err); got != c.code || !strings.Contains(w.String(), c.says) {
			t.Errorf("%v: exit code %d and %q, want %d and %q", c.err, got, w.String(), c.code, c.says)
		}
	}
}

// leaveRunFile leaves the note of a host as a killed one would.
func leaveRunFile(t *testing.T, base string) (data string) {
	t.Helper()
	data = t.TempDir()
	b, err := json.Marshal(node.RunFile{PID: 1, URL: base, Desk: "secret"})
	if err == nil {
		err = os.WriteFile(filepath.Join(data, node.RunFileName), b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestReachStranger: after a crash another program may have the port of a host.
func TestReachStranger(t *testing.T) {
	for name, c := range map[string]struct {
		status     int
		body       string
		unreached  bool
		wantInText string
	}{
		"another program":         {404, "<html>not found</html>", true, "No party is running"},
		"a page for everything":   {200, "<html>welcome</html>", true, "No party is running"},
		"a redirect":              {302, "", true, "No party is running"},
		"another party":           {401, `{"code":"WP-INVITE-UNKNOWN","reason":"Not ours."}`, true, "No party is running"},
		"ours, too busy":          {429, `{"code":"WP-SLOW","reason":"Wait."}`, false, "WP-SLOW: Wait."},
		"ours, something's wrong": {500, `{"code":"WP-BROKEN","reason":"Something broke here."}`, false, "Something broke here."},
	} {
		t.Run(name, func(t *testing.T) {
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if c.status == http.StatusFound {
					w.Header().Set("Location", "/elsewhere")
				}
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}))
			defer srv.Close()
			_, err := reach(t.Context(), leaveRunFile(t, srv.URL))
			var unreached *node.UnreachedError
			if errors.As(err, &unreached) != c.unreached || err == nil || !strings.Contains(err.Error(), c.wantInText) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestDoctorPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	takenUDP, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer takenUDP.Close()
	alive := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer alive.Close()
	for _, c := range []struct {
		name, data, listen, status, text string
	}{
		{"free", t.TempDir(), "127.0.0.1:0", fine, "is free"},
		{"taken for TCP", t.TempDir(), taken.Addr().String(), problem, "is taken by another program"},
		{"taken for UDP", t.TempDir(), takenUDP.LocalAddr().String(), problem, "is taken by another program"},
		{"no address", t.TempDir(), "8470", problem, "write HOST:PORT"},
		{"our own host", leaveRunFile(t, alive.URL), taken.Addr().String(), fine, "A party is running"},
		{"our host, killed", leaveRunFile(t, "http://127.0.0.1:1"), "127.0.0.1:0", fine, "is free"},
	} {
		found := checkPort(t.Context(), doctorOptions{data: c.data, listen: c.listen})
		if len(found) != 1 || found[0].Status != c.status || !strings.Contains(found[0].Text, c.text) {
			t.Errorf("%s: %+v", c.name, found)
		}
	}
}

// records makes a log of events, each some seconds after the party's beginning.
func records(t *testing.T, start time.Time, events ...any) (raw []json.RawMessage) {
	t.Helper()
	for i := 0; i < len(events); i += 3 {
		at := start.Add(time.Duration(events[i].(int)) * time.Second)
		r, err := party.NewRecord(party.Seq(i/3+1), at, party.MemberID(events[i+1].(string)), "", events[i+2].(party.Event))
		if err != nil {
			t.Fatal(err)
		}
		raw = append(raw, r.Bytes())
	}
	return raw
}

// TestDigestCountsHours: a member counts while at least one screen is there, and
// nobody while the host was away.
func TestDigestCountsHours(t *testing.T) {
	start := time.UnixMilli(1_800_000_000_000)
	came := func(id string) party.Came { return party.Came{Screen: party.Screen{ID: party.ScreenID(id)}} }
	film := func(after, pos int, rate float64) party.Timed {
		return party.Timed{Timeline: party.Timeline{
			Title: "a", Pos: time.Duration(pos) * time.Second, At: start.Add(time.Duration(after) * time.Second), Rate: rate,
			Length: 100 * time.Second,
		}}
	}
	c := node.Chapter{
		Members: []party.Member{{ID: "lea", Name: "Lea"}, {ID: "tom", Name: "Tom"}},
		Records: records(t, start,
			0, "", party.Opened{ID: "p", Name: "P"},
			0, "", party.Joined{ID: "lea", Name: "Lea"},
			0, "", party.Joined{ID: "tom", Name: "Tom"},
			10, "lea", came("1"),
			20, "lea", came("2"),
			20, "tom", came("3"),
			30, "tom", film(30, 0, 1),
			31, "tom", party.Said{Text: "ah", Title: "a", Pos: 1},
			32, "lea", party.Said{Text: "so it ends", Title: "a", Pos: 100},
			40, "lea", party.Went{ID: "1"},
			50, "tom", party.Went{ID: "3"},
			60, "", film(60, 30, 0),
			70, "", party.Resumed{Away: 5000},
			80, "tom", came("4"),
			90, "tom", film(90, 30, 1),
			200, "", party.Ended{},
		),
	}
	d, err := digestOf(c)
	if err != nil {
		t.Fatal(err)
	}
	e := d.Evening()
	here, watched := d.Here("lea")
	for _, w := range []struct {
		what      string
		got, want float64
	}{
		{"Lea here", here.Seconds(), 55},
		{"Lea watched", watched.Seconds(), 30},
		{"Tom, who was there longest, here", e.People[0].Here, 150},
		{"Tom watched", e.People[0].Watched, 90}, // the film ended before the party
		{"the film ran", e.Shown[0].Ran, 100},
		{"both watched it", e.Shown[0].Watched, 120},
		{"all was watched", e.Watched, 120},
		{"the party lasted", e.Lasted, 200},
		{"at once there were", float64(e.Peak), 2},
		{"was said at the very end", float64(e.Shown[0].Pace[47]), 1},
		{"was said at the beginning", float64(e.Shown[0].Pace[0]), 1},
	} {
		if w.got != w.want {
			t.Errorf("%s: %v, want %v", w.what, w.got, w.want)
		}
	}
}
