//go:build long && linux

package nodetest_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestHostMoves: a host's machine gets another address. The terminal and the desk show the link and the code anew, a node that
// was there comes back by the host's key, and one that has the old link finds it as well.
func TestHostMoves(t *testing.T) {
	t.Parallel()
	tools(t, "ip")
	ns := lan(t, 3)
	host := serve(t, ns[0], "Friday", t.TempDir())
	ready := host.ready()
	b := join(t, ns[1], "Bob", ready.Invite)
	b.must("1", "say", party.Say{Text: "before"})
	command(t, "ip -n "+ns[0]+" addr flush dev eth0")
	command(t, "ip -n "+ns[0]+" addr add 10.78.0.77/24 dev eth0")
	began := time.Now()
	late := start(t, ns[2], "join", ready.Invite, "--name", "Cleo", "--json", "--data", t.TempDir())
	b.must("2", "say", party.Say{Text: "after"})
	t.Logf("Bob is back after %v", time.Since(began).Round(100*time.Millisecond))
	late.must("1", "say", party.Say{Text: "by the old link"})
	t.Logf("by the old link after %v", time.Since(began).Round(100*time.Millisecond))
	host.first("the link again", func(l line) bool {
		return l.Event == "invite" && bytes.Contains(l.text, []byte("http://10.78.0.77:8470/#"))
	})
	const desk = "http://127.0.0.1:8470"
	token := field(t, ask(t, ns[0], "POST", desk+"/api/join", "", wire.Join{Secret: Secret(ready.Desk)}).Body, "token")
	var facts struct {
		Link string
		QR   []string
	}
	a := ask(t, ns[0], "GET", desk+"/api/desk", token, nil)
	if err := json.Unmarshal(a.Body, &facts); err != nil || !strings.HasPrefix(facts.Link, "http://10.78.0.77:8470/#") || len(facts.QR) == 0 {
		t.Errorf("the desk shows %s, %v", facts.Link, err)
	}
	if a := ask(t, ns[2], "GET", facts.Link, "", nil); a.Status != 200 {
		t.Errorf("the page at the new address: %d", a.Status)
	}
}

// TestTwoOfOneName: of two parties of one name on a network both are listed, with their keys; the one whose key is
// given is joined.
func TestTwoOfOneName(t *testing.T) {
	t.Parallel()
	tools(t, "ip")
	ns := lan(t, 3)
	one, two := serve(t, ns[0], "Salon", t.TempDir()), serve(t, ns[1], "Salon", t.TempDir())
	one.ready()
	two.ready()
	key := map[string]string{} // by address
	ls := start(t, ns[2], "ls", "--json")
	if code := ls.code(Patience); code != 0 || len(ls.lines) != 2 {
		t.Fatalf("ls ends with %d: %v", code, ls.lines)
	}
	for _, l := range ls.lines {
		var s struct {
			ID    string
			Addrs []string
		}
		if err := json.Unmarshal(l.text, &s); err != nil || !strings.HasPrefix(l.Name, "Salon") || s.ID == "" || len(s.Addrs) == 0 {
			t.Fatalf("%s, %v", l.text, err)
		}
		key[s.Addrs[0]] = s.ID
	}
	chosen := key["10.78.0.2:8470"]
	if chosen == key["10.78.0.1:8470"] {
		t.Fatalf("%v", key)
	}
	b := join(t, ns[2], "Bob", strings.ToUpper(chosen[:4])+" "+chosen[4:], "--pin", "123456")
	two.first("Bob", func(l line) bool { return bytes.Contains(l.text, []byte(`"by":"`+b.event("joined").Member+`"`)) })
}
