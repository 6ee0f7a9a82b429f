//go:build linux && long

package nodetest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// roamTime is within which a guest who has roamed is there again, and their film goes on.
const (
	roamTime    = 3 * time.Second
	roamTimeTCP = 6 * time.Second
)

// A way to roam, from a home with a router.
type roaming struct {
	name  string
	same  bool     // connection
	steps []string // commands
}

var roamings = []roaming{
	{"the router forgets its ports", true, []string{
		"ip netns exec ROUTER iptables -w -t nat -F POSTROUTING",
		"ip netns exec ROUTER iptables -w -t nat -A POSTROUTING -o out0 -p udp -j MASQUERADE --to-ports 51000-51999",
		"ip netns exec ROUTER iptables -w -t nat -A POSTROUTING -o out0 -p tcp -j MASQUERADE --to-ports 51000-51999",
		"ip -n ROUTER link set out0 down", "ip -n ROUTER link set out0 up", // which has Linux forget
	}},
	{"the router has another address", true, []string{"ip -n ROUTER addr flush dev out0", "ip -n ROUTER addr add 11.78.0.10/24 dev out0"}},
	{"the machine has another address", false, []string{
		"ip -n HOME addr flush dev eth0", "ip -n HOME addr add 10.78.0.9/24 dev eth0", "ip -n HOME route add default via 10.78.0.2",
	}},
	{"the machine has another card", false, []string{
		"ip -n ROUTER link add in1 type veth peer name eth1 netns HOME", "ip -n ROUTER link set in1 up", "ip -n ROUTER addr add 10.79.0.1/24 dev in1",
		"ip -n HOME link set eth0 down", "ip -n HOME addr add 10.79.0.5/24 dev eth1", "ip -n HOME link set eth1 up", "ip -n HOME route add default via 10.79.0.1",
	}},
}

func (c roaming) do(r *homeRouter) {
	r.Helper()
	for _, line := range c.steps {
		command(r, strings.NewReplacer("HOME", r.home, "ROUTER", r.ns).Replace(line))
	}
}

// TestGuestRoams: a guest's router forgets their ports, and then has another address; the guest's machine has another one, and then
// another card. The connection goes on or is back in three seconds, nobody sits there twice, and no line is lost or doubled.
func TestGuestRoams(t *testing.T) { guestRoams(t, true, roamTime) }

// TestGuestRoamsByTCP: the same where no UDP comes through: no connection goes on then, and it takes a while until that is noticed.
func TestGuestRoamsByTCP(t *testing.T) { guestRoams(t, false, roamTimeTCP) }

func guestRoams(t *testing.T, udp bool, limit time.Duration) {
	r := newHome(t)
	if !udp {
		command(t, "ip netns exec "+r.ns+" iptables -w -I FORWARD -p udp -j DROP")
	}
	film, catalog := filmOf(t, 40<<20, 40*time.Second)
	host := start(t, r.friend, "serve", "--json", "--no-mdns", "--data", t.TempDir(), "--region", "FR", "--catalog", catalog)
	for _, rule := range []string{"--sport 51000:51999", "-s 11.78.0.10"} {
		command(t, "ip netns exec "+r.friend+" iptables -w -I INPUT -p udp "+rule+" -j ACCEPT") // to be counted
	}
	link := host.ready().Invite
	bob := &talker{program: join(t, r.home, "Bob", link), name: "Bob"}
	cleo := &talker{program: join(t, r.friend, "Cleo", link, "--listen", "127.0.0.1:0"), name: "Cleo"}
	page := bob.event("joined").URL
	token := field(t, ask(t, r.home, "GET", page+"api/me", "", nil).Body, "token")
	client := inside(r.home)
	client.Timeout = 0
	reading := readFilm(t, client, page, token, film)
	stop := make(chan struct{})
	var all sync.WaitGroup
	for _, g := range []*talker{bob, cleo} {
		all.Go(func() { g.talk(stop) })
	}
	for _, c := range roamings {
		mark := bob.mark()
		c.do(r)
		began := time.Now()
		gap := reading.goesOn(c.name, 4<<20)
		var spoke time.Duration
		bob.until("a line after "+c.name, func() bool {
			i := slices.IndexFunc(bob.said, func(a acknowledged) bool { return a.at.After(began) })
			if i >= 0 {
				spoke = bob.said[i].at.Sub(began)
			}
			return i >= 0
		})
		bob.mu.Lock()
		broke := strings.Contains(bob.log.String()[mark:], "connection to the host ended")
		bob.mu.Unlock()
		t.Logf("%s: a line is said after %v, nothing came of the film for %v at most; a new connection: %v", c.name, spoke.Round(time.Millisecond), gap.Round(time.Millisecond), broke)
		if spoke > limit || gap > limit || udp && c.same && broke {
			t.Errorf("%s: a line after %v, the film after %v, a new connection: %v", c.name, spoke, gap, broke)
		}
	}
	reading.ends()
	close(stop)
	all.Wait()
	everybodyHeard(t, []*talker{bob, cleo})
	eventually(t, "two members, each at one screen", func() bool { return seats(t, r.home, page, token, 2) })
	for _, name := range []string{"spts:51000:51999", "11.78.0.10"} {
		if !udp {
			break
		}
		if _, n := counted(t, r.friend, name); n == 0 {
			t.Errorf("nothing came from %s", name)
		}
	}
}

// seats says whether the members of a party sit at one screen each at most. There must be so many of them.
func seats(t *testing.T, ns, page, token string, members int) bool {
	t.Helper()
	var p party.State
	if err := json.Unmarshal(ask(t, ns, "GET", page+"api/party", token, nil).Body, &p); err != nil {
		t.Fatal(err)
	}
	if len(p.Members) != members {
		t.Fatalf("%d members, want %d: %+v", len(p.Members), members, p.Members)
	}
	for _, m := range p.Members {
		if len(m.Screens) > 1 {
			return false
		}
	}
	return true
}

// TestPhoneRoams: the same with a page in a browser: it is back in three seconds, at its seat, and the film plays on.
func TestPhoneRoams(t *testing.T) {
	r := newHome(t)
	ready := start(t, r.friend, "serve", "--json", "--no-mdns", "--data", t.TempDir(), "--region", "FR").ready()
	const desk = "http://127.0.0.1:8470"
	host := field(t, ask(t, r.friend, "POST", desk+"/api/join", "", wire.Join{Secret: Secret(ready.Desk)}).Body, "token")
	invitation := ask(t, r.friend, "POST", desk+"/api/invites", host, map[string]any{"role": party.Moderator, "uses": 1})
	cleo := join(t, r.friend, "Cleo", field(t, invitation.Body, "link"), "--listen", "127.0.0.1:0")
	cleo.must("cue", "cue", party.Cue{Title: "night-train", Play: true})
	phone := ChromiumIn(t, r.home).Open(ready.Invite, Phone)
	phone.Enter("Votre nom", "Bob", "Rejoindre")
	phone.Until("the film", playing+` && v.currentTime > 1 && watchparty.doing === 'playing'`)
	for i, c := range roamings {
		c.do(r)
		began := time.Now()
		phone.Fill("Message", fmt.Sprintf("of Bob %d\r", i))
		cleo.must(party.Nonce(fmt.Sprint("s", i)), "say", party.Say{Text: fmt.Sprintf("of Cleo %d", i)})
		phone.Until("both lines after "+c.name, fmt.Sprintf(`['of Bob %d', 'of Cleo %[1]d'].every(text => [...document.querySelectorAll('.said:not(.pending)')].some(e => e.innerText.includes(text)))`, i))
		cleo.first("the line of the phone", func(l line) bool { return l.Said != nil && l.Said.Text == fmt.Sprintf("of Bob %d", i) })
		took := time.Since(began)
		phone.Until("the film, in its place", inPlace)
		t.Logf("%s: both lines are there after %v, the film is in its place after %v", c.name, took.Round(10*time.Millisecond), time.Since(began).Round(10*time.Millisecond))
		if took > roamTime {
			t.Errorf("%s: there again after %v", c.name, took)
		}
	}
	for i := range roamings {
		for _, text := range []string{fmt.Sprintf("of Bob %d", i), fmt.Sprintf("of Cleo %d", i)} {
			if n := Eval[int](phone, fmt.Sprintf(`[...document.querySelectorAll('.said')].filter(e => e.innerText.includes(%q)).length`, text)); n != 1 {
				t.Errorf("%q is there %d times", text, n)
			}
		}
	}
	if !seats(t, r.friend, desk+"/", host, 3) {
		t.Error("somebody sits at two screens")
	}
}
