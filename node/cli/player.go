package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"watchparty/node"
	"watchparty/node/party"
	"watchparty/node/player"
)

// playerOptions say what shows the film on this machine.
type playerOptions struct {
	kind, mpv string
	offset    int  // ms
	set       bool // offset was given, else it is as it was last
}

func (o *playerOptions) addFlags(f *pflag.FlagSet) {
	f.StringVar(&o.kind, "player", "browser", "what shows the film: browser, mpv or none")
	f.StringVar(&o.mpv, "mpv", "mpv", "the program mpv, where it is not on the path")
	f.IntVar(&o.offset, "offset", 0, "ms by which the sound at mpv is heard later than elsewhere; remembered")
}

// screening is a player, and what it says of itself.
type screening struct {
	states chan player.State // holds a few; more than anybody has to know are left out
}

// apply makes a node one with this player. It returns nil where there is none of ours.
func (o *playerOptions) apply(cfg *node.GuestConfig) (*screening, error) {
	switch o.kind {
	case "browser":
		return nil, nil
	case "none":
		cfg.Screen = "none"
		return nil, nil
	case "mpv":
	default:
		return nil, &node.UsageError{Sentence: fmt.Sprintf("--player %q is not known: use browser, mpv or none.", o.kind)}
	}
	if o.offset < -1000 || o.offset > 1000 {
		return nil, &node.UsageError{Sentence: "--offset takes -1000 to 1000 milliseconds."}
	}
	path, err := player.Find(o.mpv)
	if err != nil {
		return nil, &node.UsageError{Sentence: "mpv was not found: install it, or use --player browser."}
	}
	s := &screening{make(chan player.State, 16)}
	cfg.Screen = "mpv"
	cfg.Player = &node.Player{Path: path, Lang: locale(), Tell: s.tell}
	if o.set {
		d := time.Duration(o.offset) * time.Millisecond
		cfg.Player.Offset = &d
	}
	return s, nil
}

// locale is the language of the person's locale, for sentences that the player shows.
func locale() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := os.Getenv(name); v != "" {
			lang, _, _ := strings.Cut(v, "_")
			if len(lang) == 2 {
				return lang
			}
			return ""
		}
	}
	return ""
}

func (s *screening) tell(state player.State) {
	select {
	case s.states <- state:
	default:
	}
}

// say prints what becomes of the player until ctx ends: for a program, else for people.
func (s *screening) say(ctx context.Context, program *lineWriter, people io.Writer) {
	for {
		select {
		case state := <-s.states:
			switch {
			case program != nil:
				program.object(map[string]any{"event": "player", "state": state})
			case state == player.Closed:
				fmt.Fprintln(people, "mpv was closed. Press Enter to open it again.")
			case state == player.Missing:
				fmt.Fprintln(people, "mpv cannot be started any more. It is tried again from time to time.")
			}
		case <-ctx.Done():
			return
		}
	}
}

// reopen opens the player again at each line that comes in.
func reopen(g *node.Guest, in io.Reader) {
	for lines := bufio.NewReader(in); ; {
		if _, err := lines.ReadString('\n'); err != nil {
			return
		}
		g.OpenPlayer()
	}
}

// playerLine does what a line of a program's says to the player: {"player":"open"},
// or {"player":{"offset":-20}}. ok says whether it was one.
func playerLine(g *node.Guest, line []byte) (answer map[string]any, ok bool) {
	var said struct {
		Nonce  party.Nonce     `json:"nonce"`
		Player json.RawMessage `json:"player"`
	}
	if json.Unmarshal(line, &said) != nil || said.Player == nil {
		return nil, false
	}
	var change struct {
		Offset *int `json:"offset"`
	}
	var err error
	switch {
	case string(said.Player) == `"open"`:
		g.OpenPlayer()
	case json.Unmarshal(said.Player, &change) == nil && change.Offset != nil:
		err = g.SetOffset(time.Duration(*change.Offset) * time.Millisecond)
	default:
		err = &party.Refusal{Code: "WP-BAD", Reason: `To the player one can say "open", or {"offset": MS}.`}
	}
	return wishAnswer(said.Nonce, err), true
}
