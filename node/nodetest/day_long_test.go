//go:build long && linux

package nodetest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/pion/webrtc/v4"

	"watchparty/media/catalog"
	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

const (
	dayParts = 20          // at least
	dayPart  = time.Minute // at most
	dayCycle = 5           // parts in which everything comes once
)

// TestDay is a day in small: guests come and go, some by nodes of their own; they chat, cheer, vote, go on stage and get films in every
// way; invitations are made and taken back, the catalog is edited, evenings end and begin. Whenever all have left, what the host and a
// guest's node hold is read; after it all they hold what they held at the beginning. WATCHPARTY_LONG is how long it takes, such as 24h.
func TestDay(t *testing.T) {
	long := lasts(t, 2*time.Minute)
	d := openDay(t, min(dayPart, long/dayParts))
	d.look(t)
	for began, bad := time.Now(), 0; bad < 3 && (time.Since(began) < long || len(d.looks) <= dayCycle+1); d.look(t) {
		if bad++; t.Run(strconv.Itoa(len(d.looks)), d.live) {
			bad = 0
		}
	}
	d.adds(t, long)
	if code := d.den.stop(); code != 0 {
		t.Errorf("the guest's node ends with %d", code)
	}
	if code := d.host.stop(); code != 0 {
		t.Errorf("the host ends with %d", code)
	}
}

// A guestbook entry is who comes again and again.
type regular struct {
	name, token string
	member      party.MemberID
}

// sits has them at a party, by a host or a node.
func (r regular) sits(t *testing.T, h *House) *Person {
	t.Helper()
	p := &Person{TB: t, House: h, Token: r.token, Member: r.member, Joined: wire.Joined{Name: r.name}}
	p.Sit()
	return p
}

type day struct {
	host, den  *program
	ready      node.Ready
	home       node.Ready // the node's page
	boss       regular
	guests     []regular
	owner      regular // of the node
	attic      string  // the folder of a node that comes now and then
	list       string  // the catalog
	films      string
	subtitles  []string // of one film
	part, each time.Duration
	looks      []dayLook

	asked, missed int // parts of films
}

func openDay(t *testing.T, part time.Duration) *day {
	t.Helper()
	d := &day{part: part, each: part * 6 / 10 / 50, films: library(t, "plain.mp4", "deep.mkv", "old.avi"), list: filepath.Join(t.TempDir(), "catalog.yaml"), attic: t.TempDir()}
	d.edit(t, "Plain")
	d.host = start(t, "", "serve", "--json", "--listen", "127.0.0.1:0", "--camera-port", "0", "--no-mdns", "--data", t.TempDir(), "--region", "FR", "--catalog", d.list, "--cache-size", "2MB")
	h := d.host.house()
	d.ready = h.Ready
	as := func(p *Person) regular { return regular{p.Joined.Name, p.Token, p.Member} }
	d.boss = as(h.Pass("", wire.Join{Secret: Secret(h.Ready.Desk)}))
	for i := range 12 {
		d.guests = append(d.guests, as(h.Pass("", wire.Join{Name: fmt.Sprintf("Guest %d", i), Secret: Secret(h.Ready.Invite)})))
	}
	(&obs{TB: t, server: h.URL("/whip"), key: d.boss.token}).stageUp()
	d.look(t) // before there is a node
	d.den = join(t, "", "Den", h.Ready.Invite)
	page, err := url.Parse(d.den.event("joined").URL)
	if err != nil {
		t.Fatal(err)
	}
	d.home = node.Ready{QUIC: page.Host}
	a := Do(t, "GET", "http://"+page.Host+"/api/me", "", nil)
	d.owner = regular{"Den", field(t, a.Body, "token"), party.MemberID(field(t, a.Body, "member"))}
	eventually(t, "what is in the films is known", func() bool {
		var titles []struct {
			ID        string
			Subtitles []struct{ Key string }
			Play      struct{ HLS bool }
		}
		if err := json.Unmarshal(Do(t, "GET", h.URL("/api/titles"), d.boss.token, nil).Body, &titles); err != nil {
			t.Fatal(err)
		}
		d.subtitles = nil
		ready := 0
		for _, one := range titles {
			if one.Play.HLS {
				ready++
			}
			for _, s := range one.Subtitles {
				d.subtitles = append(d.subtitles, "/media/t/"+one.ID+"/subtitles/"+s.Key+".vtt")
			}
		}
		return ready >= 2 && slices.ContainsFunc(d.subtitles, func(path string) bool { return strings.Contains(path, "/subtitles/s") })
	})
	return d
}

// edit writes the catalog, as an editor does.
func (d *day) edit(t *testing.T, plain string) {
	t.Helper()
	text := fmt.Sprintf("version: 1\nlibrary: %q\ndefaults: {regions: {allow: [world]}}\ntitles:\n  - {id: plain, title: %q, file: plain.mp4}\n"+
		"  - {id: deep, title: Deep, file: deep.mkv}\n  - {id: old, title: Old, file: old.avi, regions: {allow: [FR]}}\n", d.films, plain)
	err := os.WriteFile(d.list+".new", []byte(text), 0o600)
	if err == nil {
		err = os.Rename(d.list+".new", d.list)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// beat is the pace of the day.
func (d *day) beat() { <-time.After(d.each) }

// live is a part of the day, after which all have left.
func (d *day) live(t *testing.T) {
	n := len(d.looks)
	h := &House{TB: t, Ready: d.ready}
	boss := d.boss.sits(t, h)
	came := []*Person{}
	for i := range 6 {
		came = append(came, d.guests[(n+i*i)%len(d.guests)].sits(t, h))
		d.beat()
	}
	came = append(came, d.owner.sits(t, &House{TB: t, Ready: d.home}), d.newcomer(t, h, n))
	film := []catalog.TitleID{"plain", "deep", "old"}[n%3]
	d.film(t, boss, came, film)
	d.talk(boss, came, n)
	for i, p := range came {
		d.gets(p, film, i)
	}
	d.votes(boss, came)
	switch n % dayCycle {
	case 0:
		d.stage(boss, came)
	case 1:
		d.edit(t, fmt.Sprintf("Plain %d", n))
		boss.Signalled("that the catalog was edited", func(s wire.Signal) bool { return s.Titles != nil })
	case 2:
		d.visit(t, boss, n)
	case 3:
		boss.Get("/metrics")
		d.stage(boss, came)
	case 4:
		boss.Must(party.End{})
		if a := Do(t, "POST", h.URL("/api/party"), d.boss.token, map[string]string{"name": fmt.Sprintf("Evening %d", n)}); a.Status != http.StatusOK {
			t.Errorf("the next evening: %d %s", a.Status, a.Body)
		}
		eventually(t, "the node is at the next evening", func() bool {
			return field(t, Do(t, "GET", "http://"+d.home.QUIC+"/api/me", "", nil).Body, "partyName") == fmt.Sprintf("Evening %d", n)
		})
	}
	last := came[len(came)-1]
	if a := Do(t, "POST", h.URL("/api/leave"), last.Token, map[string]string{}); a.Status != http.StatusOK {
		t.Errorf("leaving: %d %s", a.Status, a.Body)
	}
}

// newcomer comes by an invitation of their own, and another is taken back.
func (d *day) newcomer(t *testing.T, h *House, n int) *Person {
	t.Helper()
	var link string
	var made struct{ Invitations []struct{ ID string } }
	for range 2 {
		a := Do(t, "POST", h.URL("/api/invites"), d.boss.token, map[string]any{"uses": 1})
		if link = field(t, a.Body, "link"); link == "" {
			t.Fatalf("invite: %d %s", a.Status, a.Body)
		}
	}
	p := h.By(fmt.Sprintf("New %d", n), link)
	if err := json.Unmarshal(Do(t, "GET", h.URL("/api/invites"), d.boss.token, nil).Body, &made); err != nil || len(made.Invitations) != 1 {
		t.Fatalf("%d invitations, %v", len(made.Invitations), err)
	}
	if a := Do(t, "POST", h.URL("/api/invites/"+made.Invitations[0].ID+"/revoke"), d.boss.token, map[string]string{}); a.Status != http.StatusOK {
		t.Errorf("revoke: %d %s", a.Status, a.Body)
	}
	d.beat()
	return p
}

// film has a film on, waited for and driven.
func (d *day) film(t *testing.T, boss *Person, came []*Person, film catalog.TitleID) {
	t.Helper()
	boss.Must(party.Cue{Title: film})
	for _, p := range came {
		p.Can(party.Abilities{Player: "browser", Containers: []string{"mp4"}, Codecs: []string{"h264"}, HLS: "mse", Height: 1080})
		p.Report(party.Report{State: party.Paused, Title: film})
	}
	for _, c := range []party.Command{party.Play{}, party.Pause{}, party.Seek{Position: party.At(float64(rand.IntN(10)))}, party.Play{}, party.Urge{}} {
		if err := boss.Wish(c); err != nil && c != (party.Urge{}) {
			t.Errorf("%T: %v", c, err)
		}
		d.beat()
	}
	for _, p := range came {
		p.Report(party.Report{State: party.Playing, Title: film, MS: rand.Float64() * 5})
	}
}

func (d *day) talk(boss *Person, came []*Person, n int) {
	boss.Must(party.Credit{Member: came[0].Member, Bits: 10})
	for i, p := range came {
		text := fmt.Sprintf("what a day %d", n)
		if i == 0 {
			text = "Cheer10 " + text
		}
		p.Say(text)
		p.React("🎬")
		d.beat()
	}
	said := boss.State().Messages
	boss.Must(party.Erase{Line: said[len(said)-1].Seq})
}

// gets has somebody get a film in a few ways.
func (d *day) gets(p *Person, film catalog.TitleID, i int) {
	p.Helper()
	at := "/media/t/" + string(film)
	from := rand.IntN(100 << 10)
	get := func(path string, edit ...func(*http.Request)) []byte {
		p.Helper()
		a := Do(p, "GET", p.House.URL(path), p.Token, nil, edit...)
		d.asked++
		switch {
		case a.Status == http.StatusOK || a.Status == http.StatusPartialContent:
		case strings.HasSuffix(path, "/poster") && a.Status == http.StatusNotFound: // it is not made yet
		case a.Status >= 500: // on a machine that has too much to do
			d.missed++
			p.Logf("%s: %d %s", path, a.Status, a.Body)
		default:
			p.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
		d.beat()
		return a.Body
	}
	get(at+"/file", func(r *http.Request) { r.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", from, from+64<<10)) })
	get("/api/titles")
	switch i % 4 {
	case 0:
		get(at + "/thumbs/0.jpg")
		get(at + "/poster")
	case 1:
		get(d.subtitles[rand.IntN(len(d.subtitles))])
	case 2: // of one that somebody leaves in the middle, as the others
		list := get(at + "/hls/main.m3u8")
		picture := regexp.MustCompile(`(?m)^(\w+)/list.m3u8`).FindSubmatch(list)
		if picture == nil {
			p.Logf("nothing is converted: %s", list)
			return
		}
		get(fmt.Sprintf("%s/hls/%s/list.m3u8", at, picture[1]))
		get(fmt.Sprintf("%s/hls/%s/init.mp4", at, picture[1]))
		get(fmt.Sprintf("%s/hls/%s/%d.m4s", at, picture[1], rand.IntN(6)))
		get(fmt.Sprintf("%s/hls/a0/%d.m4s", at, rand.IntN(6)))
	}
}

func (d *day) votes(boss *Person, came []*Person) {
	boss.Helper()
	boss.Must(party.StartPoll{Question: "Once more?", Options: []string{"yes", "no"}})
	boss.Must(party.Ask{Titles: []catalog.TitleID{"plain", "deep"}})
	for i, p := range came {
		p.Until("what is asked", func() bool { return p.StateNow().Ballot != nil && p.StateNow().Poll.Closed == 0 })
		p.Must(party.Vote{Poll: p.State().Poll.ID, Options: []int{i % 2}})
		p.Must(party.Approve{Titles: []catalog.TitleID{"deep"}})
		d.beat()
	}
	boss.Must(party.ClosePoll{})
	boss.Must(party.Count{})
}

// stage has a guest on stage, seen by another and at a guest's node.
func (d *day) stage(boss *Person, came []*Person) {
	boss.Helper()
	face, node := came[0], came[len(came)-2]
	boss.Must(party.Beckon{Member: face.Member})
	camera := &obs{TB: boss.TB, server: boss.House.URL("/whip"), key: face.Token}
	camera.publish()
	for _, p := range []*Person{came[1], node} {
		eye := &obs{TB: boss.TB, server: p.House.URL("/whep?face=" + string(face.Member)), key: p.Token}
		eventually(boss, "the face", func() bool {
			return eye.ask(http.MethodPost, eye.server, "application/sdp", "v=0").StatusCode == http.StatusBadRequest
		})
		pc, up := eye.peer()
		for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeVideo, webrtc.RTPCodecTypeAudio} {
			if _, err := pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}); err != nil {
				boss.Fatal(err)
			}
		}
		eye.connect(pc, up)
		d.beat()
	}
	if a := camera.ask(http.MethodDelete, camera.session, "", ""); a.StatusCode != http.StatusOK {
		boss.Errorf("leaving the stage: %s", a.Status)
	}
}

// visit is a second node's, which gets films and goes.
func (d *day) visit(t *testing.T, boss *Person, n int) {
	t.Helper()
	p := join(t, "", "Attic", d.ready.Invite, "--data", d.attic)
	p.must(party.Nonce(strconv.Itoa(n)), "say", party.Say{Text: fmt.Sprintf("from the attic %d", n)})
	boss.Saw(fmt.Sprintf("from the attic %d", n))
	page := strings.TrimSuffix(p.event("joined").URL, "/")
	token := field(t, Do(t, "GET", page+"/api/me", "", nil).Body, "token")
	for _, path := range []string{"/media/t/plain/file", "/media/t/deep/hls/main.m3u8", d.subtitles[0], "/media/t/old/thumbs/0.jpg"} {
		a := Do(t, "GET", page+path, token, nil)
		d.asked++
		if a.Status != http.StatusOK {
			d.missed++
			t.Logf("in the attic, %s: %d %s", path, a.Status, a.Body)
		}
		d.beat()
	}
	if code := p.stop(); code != 0 {
		t.Errorf("the node ends with %d", code)
	}
}

// A dayLook is what the host and the node have when nobody else is there.
type dayLook struct {
	at        time.Time
	host, den map[string]float64
	children  int
}

// gauges are a node's figures.
func gauges(t *testing.T, r node.Ready) map[string]float64 {
	t.Helper()
	all := map[string]float64{}
	for line := range strings.Lines(string(Do(t, "GET", "http://"+r.QUIC+"/metrics", "", nil).Body)) {
		name, value, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "watchparty_")), " ")
		if v, err := strconv.ParseFloat(value, 64); err == nil {
			all[name] = v
		}
	}
	return all
}

// look waits until all have left, and reads what is held.
func (d *day) look(t *testing.T) {
	t.Helper()
	l := dayLook{}
	defer func() {
		if t.Failed() {
			t.Logf("there are %v at the host, and %v at the node", l.host, l.den)
		}
	}()
	within(t, 2*Patience, "nobody is left", func() bool {
		http.DefaultClient.CloseIdleConnections() // of those on stage
		l = dayLook{at: time.Now(), host: gauges(t, d.ready)}
		l.staged(t, d.host, l.host)
		if d.den != nil {
			l.den = gauges(t, d.home)
			l.staged(t, d.den, l.den)
		}
		return l.host["seats"]+l.den["seats"]+l.host["conversions_working"]+l.host["conversions_waiting"] == 0 && l.host["page_connections"] <= 1
	})
	l.host["heap_live_bytes"] = collected(t, d.ready)
	if d.den != nil {
		l.den["heap_live_bytes"] = collected(t, d.home)
	}
	d.looks = append(d.looks, l)
}

// collected asks a node until it has collected twice, and gives what it has in use since nobody is there.
func collected(t *testing.T, r node.Ready) (live float64) {
	t.Helper()
	for asked, times := 0, -1; asked < 2000 && times < 2; asked++ { // a few hundred are enough
		if now := gauges(t, r)["heap_live_bytes"]; now != live {
			live = now
			times++
		}
	}
	return live
}

// within is eventually that says nothing of it.
func within(t *testing.T, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for late := time.After(limit); !ok(); {
		select {
		case <-late:
			t.Fatalf("not within %v: %s", limit, what)
		case <-tick.C:
		}
	}
}

// staged counts the children of a node, and what its stage has in RAM.
func (l *dayLook) staged(t *testing.T, p *program, figures map[string]float64) {
	for pid, command := range childrenOf(t, p.cmd.Process.Pid) {
		l.children++
		if strings.Contains(command, " camera") {
			figures["stage_bytes"] = float64(memoryOf(pid) << 10)
		}
	}
}

// childrenOf are the commands of a process's children.
func childrenOf(t *testing.T, pid int) map[int]string {
	t.Helper()
	all := map[int]string{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it has just ended
		}
		f := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
		if f[1] == strconv.Itoa(pid) { // ppid (proc(5))
			line, _ := os.ReadFile(filepath.Join(filepath.Dir(stat), "cmdline"))
			child, _ := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
			all[child] = string(bytes.ReplaceAll(line, []byte{0}, []byte(" ")))
		}
	}
	return all
}

// adds says how it went: the base is what there was once everything had come once.
func (d *day) adds(t *testing.T, long time.Duration) {
	t.Helper()
	within(t, 2*Patience, "no child is left but for cameras", func() bool {
		for _, command := range childrenOf(t, d.host.cmd.Process.Pid) {
			if !strings.Contains(command, " camera") {
				return false
			}
		}
		return true
	})
	d.look(t)
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "\nminute\tgoroutines\tfiles\tRSS MB\theap MB\tlive MB\tstage MB\trecords\tnode: goroutines\tfiles\tRSS MB\tlive MB\tstage MB\tchildren\t\n")
	every := max(1, len(d.looks)/100)
	for i, l := range d.looks {
		if i%every != 0 && i != len(d.looks)-1 {
			continue
		}
		fmt.Fprintf(w, "%.1f\t", l.at.Sub(d.looks[0].at).Minutes())
		for _, name := range []string{"goroutines", "open_fds", "resident_bytes", "heap_bytes", "heap_live_bytes", "stage_bytes", "party_seq"} {
			fmt.Fprintf(w, "%s\t", dayFigure(name, l.host[name]))
		}
		for _, name := range []string{"goroutines", "open_fds", "resident_bytes", "heap_live_bytes", "stage_bytes"} {
			fmt.Fprintf(w, "%s\t", dayFigure(name, l.den[name]))
		}
		fmt.Fprintf(w, "%d\t\n", l.children)
	}
	w.Flush()
	t.Logf("of %d parts of films %d did not come\n%s", d.asked, d.missed, table.String())
	if d.missed > d.asked/20 {
		t.Error("films did not come")
	}
	base, last, half := d.looks[min(dayCycle+2, len(d.looks)-1)], d.looks[len(d.looks)-1], d.looks[len(d.looks)/2:]
	for _, of := range []struct {
		who  string
		what func(dayLook) map[string]float64
	}{{"the host", func(l dayLook) map[string]float64 { return l.host }}, {"the node", func(l dayLook) map[string]float64 { return l.den }}} {
		was, is := of.what(base), of.what(last)
		for name, few := range map[string]float64{"open_fds": 4, "goroutines": 12} {
			if is[name] > was[name]+few {
				t.Errorf("%s has %g %s, and began with %g", of.who, is[name], name, was[name])
			}
		}
		for _, name := range []string{"resident_bytes", "heap_live_bytes", "stage_bytes"} {
			grows, give := slope(half, func(l dayLook) float64 { return of.what(l)[name] })
			t.Logf("%s: %s grows by %.2f ± %.2f MB an hour", of.who, name, grows/1e6, give/1e6)
			if long >= time.Hour && grows-2*give > 1e6 {
				t.Errorf("%s: %s grows by %.2f MB an hour", of.who, name, grows/1e6)
			}
		}
	}
}

// dayFigure is a number for a table; of bytes in MB.
func dayFigure(name string, v float64) string {
	if strings.HasSuffix(name, "_bytes") {
		return fmt.Sprintf("%.1f", v/1e6)
	}
	return fmt.Sprintf("%.0f", v)
}

// slope is by how much something grows in an hour, by least squares, and the standard error of that.
func slope(looks []dayLook, of func(dayLook) float64) (grows, give float64) {
	var x, y, xx, xy, off float64
	n := float64(len(looks))
	hours := func(l dayLook) float64 { return l.at.Sub(looks[0].at).Hours() }
	for _, l := range looks {
		x, y = x+hours(l)/n, y+of(l)/n
	}
	for _, l := range looks {
		xx += (hours(l) - x) * (hours(l) - x)
		xy += (hours(l) - x) * (of(l) - y)
	}
	grows = xy / xx
	for _, l := range looks {
		d := of(l) - y - grows*(hours(l)-x)
		off += d * d
	}
	return grows, math.Sqrt(off / (n - 2) / xx)
}
