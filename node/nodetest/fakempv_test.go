package nodetest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/player"
	"watchparty/node/wire"
)

// fakeMPV makes the test's own program an mpv that shows nothing: it agrees to all
// and writes down, in the file that it names, what it was started with and told.
const fakeMPV = "WATCHPARTY_FAKE_MPV"

func beMPV(log string) int {
	f, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return 1
	}
	defer f.Close()
	socket := ""
	for _, arg := range os.Args[1:] {
		fmt.Fprintln(f, arg)
		if path, ok := strings.CutPrefix(arg, "--input-ipc-server="); ok {
			socket = path
		}
	}
	l, err := net.Listen("unix", socket)
	if err != nil {
		return 1
	}
	conn, err := l.Accept()
	if err != nil {
		return 1
	}
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		fmt.Fprintln(f, lines.Text())
		var asked struct {
			ID      int64 `json:"request_id"`
			Command any
		}
		json.Unmarshal(lines.Bytes(), &asked)
		if list, ok := asked.Command.([]any); ok && list[0] == "quit" {
			break
		}
		fmt.Fprintf(conn, `{"request_id":%d,"error":"success","data":null}`+"\n", asked.ID)
		if named, ok := asked.Command.(map[string]any); ok && named["name"] == "loadfile" {
			fmt.Fprintln(conn, `{"event":"start-file"}`+"\n"+`{"event":"end-file","reason":"error","file_error":"it is a fake"}`)
		}
	}
	return 0
}

// TestOverTheFilm: what is said at the party is written over the film, and not what
// was said long before; a film that cannot be opened is no end of anything.
func TestOverTheFilm(t *testing.T) {
	log := filepath.Join(t.TempDir(), "mpv.log")
	t.Setenv(fakeMPV, log)
	h := Host(t)
	boss, ann := h.Boss(), h.Guest("Ann")
	states := make(chan player.State, 100)
	d := h.Node("Den", "", func(c *node.GuestConfig) {
		c.Screen, c.Player = "mpv", &node.Player{Path: os.Args[0], Tell: func(s player.State) { states <- s }}
	})
	if s := <-states; s != player.Opened {
		t.Fatalf("it is %s", s)
	}
	told := func(what string) {
		t.Helper()
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for late := time.After(Patience); ; {
			if b, err := os.ReadFile(log); err == nil && strings.Contains(string(b), what) {
				return
			}
			select {
			case <-tick.C:
			case <-late:
				t.Fatalf("mpv was never told %s", what)
			}
		}
	}
	boss.Must(party.Cue{Title: "night-train"})
	told("/media/t/night-train/file")
	ann.Say(`what a {moon} \N`)
	told(`{\\b1}Ann{\\b0}  what a \\{moon\\} \\` + "\u2060N")
	boss.Signalled("that it cannot start", func(s wire.Signal) bool {
		return s.Drift != nil && s.Drift.State == party.Loading && s.By == d.Guest.Joined().Member
	})
	boss.Must(party.Play{})
	told("Waiting for Den")
	b, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	args, _, _ := strings.Cut(string(b), "{")
	if strings.Contains(args, "night-train") || strings.Contains(args, "Bearer") || !strings.Contains(args, "--ytdl=no\n") {
		t.Errorf("everybody can read %s", args)
	}
}
