package nodetest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// A route is what the server's source says it answers.
type route struct {
	method, pattern string
	desk            bool // asks for a power
}

// routes reads all routes out of the source, so that a new one is asked for what the others are.
func routes(t *testing.T) (all []route) {
	t.Helper()
	files, _ := filepath.Glob("../web/*.go")
	says := regexp.MustCompile(`HandleFunc\("(?:([A-Z]+) )?(/[^"]*)", (s\.power\()?`)
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range says.FindAllStringSubmatch(string(text), -1) {
			all = append(all, route{m[1], m[2], m[3] != ""})
		}
	}
	if len(all) < 35 {
		t.Fatalf("%d routes: the source is not read as it is written", len(all))
	}
	return all
}

// path fills a pattern's holes with what is there.
func (r route) path() string {
	if r.pattern == "/" {
		return "/nothing"
	}
	return strings.NewReplacer("{$}", "", "{title}", "aurora", "{name}", "0.jpg", "{key}", "en.vtt", "{slot}", "0",
		"{path...}", "main.m3u8", "{build}", "x", "{party}", "x", "{id}", "x").Replace(r.pattern)
}

var methods = []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "WS"}

// knock sends a request by a method, WS among them.
func knock(t *testing.T, h *House, method, path, token string, edit ...func(*http.Request)) Answer {
	t.Helper()
	body := any(nil)
	switch method {
	case "POST", "PUT", "PATCH":
		body = map[string]any{}
	case "WS":
		method = "GET"
		edit = append(edit, func(r *http.Request) {
			r.Header.Set("Origin", "http://"+h.Ready.QUIC)
			r.Header.Set("Upgrade", "websocket")
			r.Header.Set("Connection", "Upgrade")
			r.Header.Set("Sec-WebSocket-Version", "13")
			r.Header.Set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
		})
	}
	if strings.HasPrefix(path, "/wh") && body != nil {
		edit = append(edit, func(r *http.Request) { r.Header.Set("Content-Type", "application/sdp") })
	}
	return Do(t, method, h.URL(path), token, body, edit...)
}

// TestDoorsWithoutAPass: by every route and every method, over the WebSocket and over QUIC, whoever has no pass gets what is
// documented to be for everybody and nothing else, and no page of another origin is invited.
func TestDoorsWithoutAPass(t *testing.T) {
	h := Host(t, withHTTPS)
	boss := h.Boss()
	boss.Until("themselves", func() bool { return len(boss.StateNow().Members[boss.Member].Screens) > 0 })
	before := stateOf(t, boss)
	public := []string{"/{$}", "/desk", "/healthz", "/metrics", "/favicon.ico", "/trust", "/trust/watchparty.crt", "/api/trust"}
	foreign := func(r *http.Request) {
		r.Header.Set("X-Forwarded-For", "127.0.0.1")
		r.Header.Set("Access-Control-Request-Method", "POST")
		if r.Header.Get("Upgrade") == "" && r.Method != "POST" && r.Method != "DELETE" {
			r.Header.Set("Origin", "http://evil.example")
		}
	}
	for _, r := range routes(t) {
		for _, method := range methods {
			if r.pattern == "/ws" && method == "WS" {
				continue // below
			}
			a := knock(t, h, method, r.path(), "", foreign)
			open := slices.Contains(public, r.pattern) && (method == "GET" || method == "HEAD" || method == "WS")
			if a.Header.Get("Access-Control-Allow-Origin") != "" || a.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s %s: invites %v", method, r.pattern, a.Header)
			}
			switch {
			case open && a.Status != 200, !open && a.Status < 400, !open && len(a.Body) > 400:
				t.Errorf("%s %s: %d with %d bytes", method, r.pattern, a.Status, len(a.Body))
			case r.method == method && !open && a.Status != 401 && !slices.Contains([]string{"/ui/{build}/{path...}", "/ws", "/api/scheduled", "/api/scheduled/calendar", "/api/scheduled/poster"}, r.pattern) && method != "PATCH":
				t.Errorf("%s %s: %d %s; 401 is for who has no pass", method, r.pattern, a.Status, a.Body)
			}
		}
	}
	spokenWithoutAPass(t, h)
	if after := stateOf(t, boss); after != before {
		t.Errorf("the party was\n%s\nand is\n%s", before, after)
	}
}

// spokenWithoutAPass says all that a frame can say first, on a WebSocket and over QUIC.
func spokenWithoutAPass(t *testing.T, h *House) {
	t.Helper()
	for _, first := range []wire.Frame{
		wire.Hello{V: wire.Version}, wire.Hello{V: wire.Version, Token: "nonsense"}, wire.Ping{ID: 1},
		wire.Wish{Wish: party.Wish{Nonce: "1", Command: party.Say{Text: "hello"}}}, wire.Get{Title: "night-train", Part: "file", Length: -1},
		wire.Titles{}, wire.Join{Name: "x", Secret: "x"},
	} {
		conn, err := wire.DialWebSocket(t.Context(), "ws://"+h.Ready.QUIC+"/ws", wire.Timeouts{})
		if err != nil {
			t.Fatal(err)
		}
		if err := wire.Send(t.Context(), conn, first); err != nil {
			t.Fatal(err)
		}
		if f, err := conn.Read(t.Context()); err != nil || f.(wire.Bye).Code != "WP-PASS" && f.(wire.Bye).Code != "WP-PROTO" {
			t.Errorf("%T first: %+v, %v", first, f, err)
		}
		conn.Close(wire.Bye{})
	}
	d := atStageDoor(t, h)
	for _, first := range []wire.Frame{
		wire.Get{Title: "night-train", Part: "file", Length: -1}, wire.Get{Token: "nonsense", Title: "night-train", Part: "poster", Length: -1},
		wire.Titles{}, wire.Titles{Token: "nonsense"}, wire.Join{Name: "x", Secret: "x"},
	} {
		d.ask(first)
		if f, ok := d.read().(wire.Refused); !ok {
			t.Errorf("%T by QUIC: %+v", first, f)
		}
	}
}

// stateOf is the party as it is, for comparing.
func stateOf(t *testing.T, p *Person) string {
	t.Helper()
	b, err := json.Marshal(p.State())
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// wishesBeyond reads out of the source which wishes ask for a power that is not among held. Of those that ask for none but to
// be there, what is decided looks at whose it is.
func wishesBeyond(t *testing.T, held ...string) (all []party.Command) {
	t.Helper()
	files, _ := filepath.Glob("../party/*.go")
	var text strings.Builder
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(b)
	}
	powers := map[string]string{}
	for _, m := range regexp.MustCompile(`func \((?:\w+ )?(\w+)\) power\(\) Power *\{ return (\w+) \}`).FindAllStringSubmatch(text.String(), -1) {
		powers[m[1]] = m[2]
	}
	table, _, _ := strings.Cut(text.String()[strings.Index(text.String(), "var wishes = "):], "\n}")
	for _, m := range regexp.MustCompile(`"(\w+)": +(\w+)\{\}`).FindAllStringSubmatch(table, -1) {
		if slices.Contains(held, powers[m[2]]) {
			continue
		}
		var w party.Wish
		if err := json.Unmarshal(fmt.Appendf(nil, `{"nonce":"1",%q:{}}`, m[1]), &w); err != nil {
			t.Fatalf("%s: %v", m[1], err)
		}
		all = append(all, w.Command)
	}
	if len(all) < 10 {
		t.Fatalf("%d wishes beyond %v: the source is not read as it is written", len(all), held)
	}
	return all
}

// A ledger keeps what a host logs.
type ledger struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *ledger) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

// refusals counts the lines that say that somebody was refused.
func (l *ledger) refusals(who party.MemberID) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for line := range strings.Lines(l.text.String()) {
		if strings.Contains(line, "refused") && strings.Contains(line, string(who)) {
			n++
		}
	}
	return n
}

// TestDoorsOfTheHost: what is the host's, or a moderator's, is refused to whoever is not, by every road; nothing changes by
// it, and the host's log has a line of each.
func TestDoorsOfTheHost(t *testing.T) {
	var log ledger
	h := Host(t, func(c *node.HostConfig) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	boss := h.Boss()
	boss.Must(party.Cue{Title: "night-train"})
	moderator, over := h.By("Mo", h.Invite("FR", party.Moderator)), h.Guest("Node")
	byQUIC := nodeOf(t, over)
	guests := []*Person{h.Guest("Ann"), h.Guest("Bob"), h.Guest("Cem")}
	for _, p := range slices.Concat(guests, []*Person{moderator, over}) {
		boss.Until(p.Joined.Name, func() bool { return len(boss.StateNow().Members[p.Member].Screens) > 0 })
	}
	if _, _, err := byQUIC.Get(t.Context(), wire.Get{Title: "night-train", Part: "file", Head: true}); err != nil {
		t.Fatal(err)
	}
	boss.Until("the node", func() bool { return len(boss.StateNow().Members[over.Member].Screens) == 2 })
	before, asked := stateOf(t, boss), map[party.MemberID]int{}
	_, port, _ := strings.Cut(h.Ready.QUIC, ":")
	cookie := func(r *http.Request) { r.Header.Set("Cookie", "watchparty_"+port+"="+boss.Token) } // the host's own, without the token
	for _, r := range routes(t) {
		for _, p := range []*Person{guests[0], moderator} {
			if !r.desk {
				continue
			}
			if a := knock(t, h, r.method, r.path(), p.Token); a.Status != 403 || a.Code() != "WP-FORBIDDEN" {
				t.Errorf("%s %s as %s: %d %s", r.method, r.pattern, p.Joined.Role, a.Status, a.Body)
			}
			asked[p.Member]++
			if a := knock(t, h, r.method, r.path(), "", cookie); a.Status != 401 && a.Status != 403 {
				t.Errorf("%s %s with the host's cookie alone: %d %s", r.method, r.pattern, a.Status, a.Body)
			}
		}
	}
	refused := func(p *Person, c party.Command, err error) {
		var no *party.Refusal
		if !errors.As(err, &no) || no.Code != "WP-FORBIDDEN" {
			t.Errorf("%T of a %s: %v", c, p.Joined.Role, err)
		}
		asked[p.Member]++
	}
	for i, c := range wishesBeyond(t, "Attend", "Chat") {
		p := guests[i%len(guests)] // each may wish so much a second
		refused(p, c, p.Wish(c))
		if i%len(guests) == 0 {
			_, err := byQUIC.Wish(t.Context(), party.Nonce(fmt.Sprint(i)), c)
			refused(over, c, err)
		}
	}
	for _, c := range wishesBeyond(t, "Attend", "Chat", "Suggest", "Drive", "Moderate") {
		refused(moderator, c, moderator.Wish(c))
	}
	if after := stateOf(t, boss); after != before {
		t.Errorf("the party was\n%s\nand is\n%s", before, after)
	}
	for id, n := range asked {
		if got := log.refusals(id); got != n {
			t.Errorf("%d lines tell of %d refusals of %s", got, n, id)
		}
	}
}
