//go:build linux && long

package nodetest_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestPartitionOverTCP: a node that was cut off for half a minute is back in three seconds, over TCP too, with every
// line once. Where UDP comes through again by then, it takes UDP.
func TestPartitionOverTCP(t *testing.T) {
	tools(t, "ip", "iptables")
	ns := lan(t, 3)
	ready := serve(t, ns[0], "Friday", t.TempDir()).ready()
	noUDP(t, "-A", ns[1])
	bob, cleo := join(t, ns[1], "Bob", ready.Invite), join(t, ns[2], "Cleo", ready.Invite)
	byTCP := func(l line) bool { return l.Event == "roads" && bytes.Contains(l.text, []byte(`"control":"tcp"`)) }
	bob.first("word of the road", byTCP)
	for i, healed := range []bool{false, true} {
		mark := bob.mark()
		command(t, "ip netns exec "+ns[1]+" ip link set eth0 down")
		<-time.After(30 * time.Second)
		cleo.must(party.Nonce([]string{"c0", "c1"}[i]), "say", party.Say{Text: []string{"meanwhile", "again"}[i]})
		if healed {
			noUDP(t, "-D", ns[1])
		}
		command(t, "ip netns exec "+ns[1]+" ip link set eth0 up")
		began := time.Now()
		bob.logged("connection to the host ended", mark)
		bob.first("what was said meanwhile", func(l line) bool { return l.Said != nil && l.Said.Text == []string{"meanwhile", "again"}[i] })
		t.Logf("back after %v", time.Since(began).Round(time.Millisecond))
	}
	bob.first("UDP again", func(l line) bool { return l.Event == "roads" && bytes.Contains(l.text, []byte(`"control":"quic"`)) })
	n := 0
	for _, l := range bob.printed() {
		if l.Said != nil {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d lines arrived, want two", n)
	}
}

// oneFilm makes a film of so many bytes, which says that it is short, so that it is not paced, and a catalog of it.
func oneFilm(t testing.TB, size int) (film []byte, catalog string) {
	t.Helper()
	return filmOf(t, size, time.Second)
}

// filmOf makes a film that says how long it is.
func filmOf(t testing.TB, size int, long time.Duration) (film []byte, catalog string) {
	t.Helper()
	film = make([]byte, size)
	rand.NewChaCha8([32]byte{}).Read(film)
	dir := t.TempDir()
	catalog = filepath.Join(dir, "catalog.yaml")
	text := "version: 1\nlibrary: .\ntitles:\n  - {id: film, title: Film, file: film.mp4, duration: " + long.String() + ", regions: {allow: [world]}}\n"
	for path, b := range map[string][]byte{catalog: []byte(text), filepath.Join(dir, "film.mp4"): film} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return film, catalog
}

// ownToken is the pass of who sits at a guest's node.
func ownToken(t testing.TB, page string) string {
	t.Helper()
	answer, err := http.Get(page + "api/me")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var me struct{ Token string }
	if err := json.NewDecoder(answer.Body).Decode(&me); err != nil {
		t.Fatal(err)
	}
	return me.Token
}

// TestFilmOverALossyLink: on a link that loses one packet of a hundred, films change to TCP by BBR while chat and clock stay on
// UDP. Not a byte of the film is lost by it, and a page that is open is told.
func TestFilmOverALossyLink(t *testing.T) {
	if !wire.BBR() {
		t.Log("without BBR films stay on UDP")
	}
	const size = 64 << 20
	l := (&Link{Delay: 3 * time.Millisecond, Loss: 0.01}).Up(t)
	film, catalog := oneFilm(t, size)
	host := start(t, l.Namespace, "serve", "--json", "--no-mdns", "--listen", l.There+":0", "--data", t.TempDir(), "--region", "FR", "--catalog", catalog)
	bob := join(t, "", "Bob", host.ready().Invite)
	page := bob.event("joined").URL
	token := ownToken(t, page)
	attic := Shell(t).Open(page, Small)
	attic.Until("the party, by UDP", `document.querySelector('[role=log]')?.offsetParent && document.querySelector('.connection').hidden`)
	q, err := http.NewRequest("GET", page+"media/t/film/file", nil)
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	moved := func() bool {
		for _, l := range bob.printed() {
			if bytes.Contains(l.text, []byte(`"control":"quic","media":"tcp"`)) {
				return true
			}
		}
		return false
	}
	got, piece := make([]byte, 0, size), make([]byte, 256<<10)
	began, at := time.Now(), 0
	for {
		n, err := answer.Body.Read(piece)
		got = append(got, piece[:n]...)
		if at == 0 && moved() {
			t.Logf("by QUIC %.1f Mbit/s", 8e-6*float64(len(got))/time.Since(began).Seconds())
			began, at = time.Now(), len(got)
		}
		if err != nil {
			break
		}
	}
	t.Logf("then %.1f Mbit/s", 8e-6*float64(len(got)-at)/time.Since(began).Seconds())
	if !bytes.Equal(got, film) {
		t.Errorf("%d bytes came of %d", len(got), size)
	}
	if wire.BBR() {
		attic.Until("word of the road", `(c = document.querySelector('.connection.settled:not([hidden])')) && c.title.startsWith('This network loses packets')`)
	}
	if (at > 0) != wire.BBR() {
		t.Errorf("BBR is there: %v, films came by TCP: %v", wire.BBR(), at > 0)
	}
}

// TestFilmOverTCP: with UDP dropped, the page of a node shows the film as the host's own page does, within two frames, and
// says by which road it comes.
func TestFilmOverTCP(t *testing.T) {
	tools(t, "iptables")
	l := (&Link{Delay: time.Millisecond}).Up(t)
	h := start(t, l.Namespace, "serve", "--json", "--no-mdns", "--listen", l.There+":0", "--data", t.TempDir(), "--region", "FR").house()
	command(t, "ip netns exec "+l.Namespace+" iptables -w -A INPUT -p udp -j DROP")
	node := start(t, "", "join", h.Ready.Invite, "--name", "Attic", "--player", "none", "--data", t.TempDir(), "--json")
	b := Chromium(t)
	sofa, attic := b.Open(h.Ready.Invite, Small), b.Open(node.event("joined").URL, Phone)
	sofa.Enter("Your name", "Sofa", "Join")
	attic.Until("word of the road", `document.querySelector('.connection.settled:not([hidden])')`)
	h.Boss().Must(party.Cue{Title: "night-train", Play: true})
	pages := []*Page{sofa, attic}
	for _, p := range pages {
		p.Until("the film", playing+` && v.currentTime > 1.5`)
	}
	framesApart(t, "over TCP", pages, 4*time.Second)
	keepPictures(t, map[string]*Page{"tcp": attic})
}
