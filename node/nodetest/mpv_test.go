package nodetest_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/player"
	"watchparty/node/wire"
)

// A cinema is a guest's node whose screen is a real mpv, without window and sound.
type cinema struct {
	testing.TB
	*Den
	house  *House
	states chan player.State
}

// cinema joins with an mpv.
func newCinema(h *House, name, link string) *cinema {
	h.Helper()
	path, err := exec.LookPath("mpv")
	Need(h, err == nil, "mpv")
	c := &cinema{TB: h.TB, house: h, states: make(chan player.State, 100)}
	c.Den = h.Node(name, link, func(cfg *node.GuestConfig) {
		cfg.Screen, cfg.Player = "mpv", &node.Player{Path: path, Tell: func(s player.State) { c.states <- s }}
	})
	return c
}

// silent makes every mpv of a test one without window and sound, by the user's own
// configuration, which is honoured.
func silentMPV(t *testing.T) {
	t.Helper()
	home := t.TempDir()
	conf := "vo=null\nao=null\nuntimed=no\nao-null-untimed=no\nloop-file=inf\nspeed=2\nscript-opts=a=b\n"
	if err := os.WriteFile(filepath.Join(home, "mpv.conf"), []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("MPV_HOME", home)
}

// do gives mpv a command as somebody at its keyboard would, on a connection of its
// own, and gives the answer's data; nil where mpv says no or is not there.
func (c *cinema) do(command ...any) any {
	conn, err := net.Dial("unix", filepath.Join(c.Data, "mpv.sock"))
	if err != nil {
		return nil
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(Patience))
	b, err := json.Marshal(map[string]any{"command": command, "request_id": 77})
	if err != nil {
		c.Fatal(err)
	}
	conn.Write(append(b, '\n'))
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		var answer struct {
			ID    int `json:"request_id"`
			Data  any
			Error string
		}
		if json.Unmarshal(lines.Bytes(), &answer) == nil && answer.ID == 77 {
			return answer.Data
		}
	}
	return nil
}

func (c *cinema) get(property string) any { return c.do("get_property", property) }

func (c *cinema) number(property string) float64 {
	n, ok := c.get(property).(float64)
	if !ok {
		return math.NaN()
	}
	return n
}

// until waits until something holds of the player.
func (c *cinema) until(what string, ok func() bool) {
	c.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(Patience); !ok(); {
		select {
		case <-tick.C:
		case <-late:
			c.Fatalf("mpv never came to %s: pause %v, time-pos %v, party %+v", what, c.get("pause"), c.get("time-pos"),
				c.Guest.House().State().Timeline)
		}
	}
}

// follows waits until the film runs where the party is.
func (c *cinema) follows(what string) {
	c.Helper()
	c.until(what, func() bool {
		line := c.Guest.House().State().Timeline
		return c.get("pause") == false && line.Rate > 0 && math.Abs(c.number("time-pos")-line.Position(time.Now()).Seconds()) < 0.2
	})
}

// rests has the host pause, and waits until the player's node has told of it.
func (c *cinema) rests(boss *Person) {
	c.Helper()
	boss.Must(party.Pause{})
	rest, me := boss.State().Timeline.Pos.Seconds(), c.Guest.Joined().Member
	boss.Signalled("mpv to rest there", func(s wire.Signal) bool {
		return s.By == me && s.Drift != nil && s.Drift.State == party.Paused && s.Drift.Pos == rest
	})
}

// agreed says whether mpv shows the picture of the moment at which the party rests.
func (c *cinema) agreed() bool {
	c.Helper()
	since := c.Guest.House().State().Timeline.Pos.Seconds() - c.number("time-pos") // the party rounds to milliseconds
	return since > -0.001 && since < 1.0/24
}

// reads says whether the subtitles of a language are chosen.
func (c *cinema) reads(lang string) bool {
	tracks, _ := c.get("track-list").([]any)
	for _, tr := range tracks {
		if m := tr.(map[string]any); m["type"] == "sub" && m["lang"] == lang {
			return m["selected"] == true
		}
	}
	return false
}

func (c *cinema) state(want player.State) {
	c.Helper()
	late := time.After(Patience)
	for {
		select {
		case s := <-c.states:
			if s == want {
				return
			}
		case <-late:
			c.Fatalf("the player never was %s", want)
		}
	}
}

// TestMPV: a film on two mpv: started, sought, paused on the same frame; and the host
// hears how they fare.
func TestMPV(t *testing.T) {
	silentMPV(t)
	h := Host(t)
	boss := h.Boss()
	den := newCinema(h, "Den", "")
	boss.Must(party.Cue{Title: "night-train", Play: true})
	den.follows("the start")
	sofa := newCinema(h, "Sofa", "")
	sofa.follows("the party it came late to")
	boss.Must(party.Seek{Position: party.At(30)})
	for _, c := range []*cinema{den, sofa} {
		c.until("the seek", func() bool { return c.Guest.House().State().Timeline.Pos == 30*time.Second })
		c.follows("the seek")
		if pos := c.number("time-pos"); pos < 29 {
			t.Errorf("is at %v", pos)
		}
		if c.number("speed") > 1.021 {
			t.Error("the user's speed won over the party's")
		}
	}
	boss.Must(party.Pause{})
	boss.Signalled("both at rest", func(s wire.Signal) bool {
		return s.Drift != nil && s.Drift.State == party.Paused && s.By == sofa.Guest.Joined().Member
	})
	den.until("the agreed frame", func() bool {
		one, other := den.number("time-pos"), sofa.number("time-pos")
		return one == other && den.agreed() && den.get("pause") == true && sofa.get("pause") == true
	})
	kinds := map[string]int{}
	for _, m := range boss.State().Members {
		for _, s := range m.Screens {
			kinds[s.Kind]++
		}
	}
	if kinds["mpv"] != 2 {
		t.Errorf("screens %v", kinds)
	}
}

// TestKeysAreWishes: what a person does at mpv happens to all, where they may; where
// not, mpv says so and goes back to the party.
func TestKeysAreWishes(t *testing.T) {
	silentMPV(t)
	h := Host(t)
	boss := h.Boss()
	mod := newCinema(h, "Den", h.Invite("FR", party.Moderator))
	guest := newCinema(h, "Sofa", "")
	boss.Must(party.Cue{Title: "night-train", Play: true})
	mod.follows("the start")
	guest.follows("the start")

	guest.do("keypress", "SPACE")
	guest.until("the pause of its own", func() bool { return guest.get("pause") == true })
	guest.follows("the party again")
	guest.do("keypress", "]")
	guest.until("the party's speed", func() bool { return math.Abs(guest.number("speed")-1) < 0.03 })
	guest.do("seek", 50, "absolute")
	guest.follows("the party again")
	if line := boss.State().Timeline; line.Rate != 1 {
		t.Errorf("a guest paused the party: %+v", line)
	}

	mod.follows("the party, which may have waited for the guest") // a key turns over what mpv does now
	mod.do("keypress", "SPACE")
	boss.Until("the pause", func() bool { return boss.StateNow().Timeline.Rate == 0 })
	guest.until("the pause", func() bool { return guest.get("pause") == true })
	mod.do("seek", 40, "absolute+exact")
	boss.Until("the seek", func() bool { return math.Abs(boss.StateNow().Timeline.Pos.Seconds()-40) < 0.1 })
	mod.do("set_property", "pause", false)
	boss.Until("the start", func() bool { return boss.StateNow().Timeline.Rate == 1 })
	guest.follows("the start")
	mod.follows("the start")
	mod.rests(boss)
	mod.until("the agreed frame", mod.agreed)
	at := mod.number("time-pos")
	mod.do("frame-step")
	mod.until("the frame", func() bool { return mod.number("time-pos") == at })
	if line := boss.State().Timeline; line.Rate != 0 {
		t.Errorf("a step by a frame started the party: %+v", line)
	}
}

// TestMPVComesBack: an mpv that was killed is there again, at the right place, as its
// person had it; one that was closed waits to be opened.
func TestMPVComesBack(t *testing.T) {
	silentMPV(t)
	h := Host(t)
	boss := h.Boss()
	c := newCinema(h, "Den", "")
	boss.Must(party.Cue{Title: "night-train", Play: true})
	c.follows("the start")
	french := func() bool { return c.reads("fr") }
	c.until("the subtitles", func() bool { return c.get("track-list/count") == 4.0 })
	if c.get("sid") != false {
		t.Errorf("subtitles nobody asked for: %v", c.get("sid"))
	}
	c.until("a choice", func() bool {
		c.do("set_property", "sid", 2)
		return french()
	})
	c.do("set_property", "volume", 41)
	c.until("the volume", func() bool { return c.number("volume") == 41 })
	c.rests(boss) // of which the node hears after the volume
	boss.Must(party.Play{})
	c.follows("the start again")

	first := c.number("pid")
	if line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", int(first))); err == nil && strings.Contains(string(line), "http") {
		t.Errorf("everybody can read %q", line)
	}
	proc, err := os.FindProcess(int(first))
	if err != nil || proc.Kill() != nil {
		t.Fatal("mpv cannot be killed")
	}
	c.until("another mpv", func() bool { p := c.number("pid"); return p > 0 && p != first })
	c.follows("where it was")
	c.until("the subtitles of before", french)
	if v := c.number("volume"); v != 41 {
		t.Errorf("volume %v", v)
	}
	boss.Must(party.Cue{Title: "aurora", Play: true})
	c.until("the next film", func() bool { return strings.Contains(fmt.Sprint(c.get("path")), "aurora") })
	c.follows("the next film")
	c.until("the subtitles of before", french)

	c.do("keypress", "q")
	c.state(player.Closed)
	boss.Signalled("that nobody looks", func(s wire.Signal) bool { return s.Drift != nil && s.Drift.State == party.Away })
	c.Guest.OpenPlayer()
	c.state(player.Opened)
	c.follows("the party again")
	c.do("quit")
	c.state(player.Closed)
	boss.Must(party.Pause{})
	boss.Must(party.Play{})
	c.state(player.Opened)
	c.follows("the party again")
}

// TestMPVLocked: not a byte of a film that somebody may not watch is asked for by
// their mpv, and once they may, it is there.
func TestMPVLocked(t *testing.T) {
	silentMPV(t)
	h := Host(t)
	boss := h.Boss()
	c := newCinema(h, "Den", h.Invite("DE", party.Guest))
	boss.Must(party.Cue{Title: "aurora", Play: true})
	boss.Signalled("that it is locked", func(s wire.Signal) bool { return s.Drift != nil && s.Drift.State == party.Locked })
	if c.get("idle-active") != true || c.get("path") != nil {
		t.Errorf("shows %v", c.get("path"))
	}
	boss.Must(party.Grant{Member: c.Guest.Joined().Member, Region: ptr(catalog.Region("FR"))})
	c.follows("the film")
	boss.Must(party.Grant{Member: c.Guest.Joined().Member, Region: ptr(catalog.Region("DE"))})
	c.until("nothing", func() bool { return c.get("idle-active") == true })
}

func ptr[T any](v T) *T { return &v }

// TestMPVByLines: a program that runs a node opens and tunes its player by lines, and
// hears what becomes of it. A node that ends, or is killed, leaves no mpv behind.
func TestMPVByLines(t *testing.T) {
	silentMPV(t)
	_, err := exec.LookPath("mpv")
	Need(t, err == nil, "mpv")
	h := Host(t)
	data := t.TempDir()
	join := func() (*program, *cinema) {
		p := start(t, "", "join", h.Ready.Invite, "--player", "mpv", "--json", "--data", data, "--name", "Den")
		p.event("joined")
		p.player(player.Opened, 1)
		return p, &cinema{TB: t, Den: &Den{Data: data}}
	}
	p, c := join()
	p.must("1", "player", map[string]any{"offset": -20})
	for i, wrong := range []any{"dance", map[string]any{"offset": 5000}, map[string]any{}} {
		if l, err := p.wish(party.Nonce(fmt.Sprint("w", i)), "player", wrong); err != nil || l.Code != "WP-BAD" {
			t.Errorf("%v: %s %v", wrong, l.text, err)
		}
	}
	c.do("quit")
	p.player(player.Closed, 1)
	p.must("2", "player", "open")
	p.player(player.Opened, 2)
	pid := int(c.number("pid"))
	p.kill()
	gone(t, pid)

	p, c = join()
	pid = int(c.number("pid"))
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	<-p.exited
	gone(t, pid)
	if left, err := os.Stat(filepath.Join(data, "mpv.sock")); err == nil {
		t.Errorf("left %s behind", left.Name())
	}
}

// player waits until the program has said a state of its player so often.
func (p *program) player(want player.State, times int) {
	p.Helper()
	p.until("the player to be "+string(want), func() bool {
		n := 0
		for _, l := range p.lines {
			if l.Event == "player" && strings.Contains(string(l.text), `"state":"`+string(want)+`"`) {
				n++
			}
		}
		return n >= times
	})
}

// gone waits until a process has ended.
func gone(t *testing.T, pid int) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(Patience); ; {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("process %d is still there", pid)
		}
	}
}
