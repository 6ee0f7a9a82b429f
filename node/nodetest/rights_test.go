package nodetest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node"
	"watchparty/node/guest"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// nodeOf is a guest that asks the host by QUIC, with a person's pass.
func nodeOf(t testing.TB, p *Person) *guest.Guest {
	t.Helper()
	_, _, pin := cutLink(p.House.Ready.Invite)
	g := guest.New(guest.Config{Addrs: []string{p.House.Ready.QUIC}, Pin: pin, Token: p.Token, Screen: "none", Log: quiet})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx, idle{}) }()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	return g
}

var quiet = slog.New(slog.DiscardHandler)

func cutLink(link string) (base, secret, pin string) {
	base, fragment, _ := strings.Cut(link, "#")
	secret, pin, _ = strings.Cut(fragment, ".")
	return base, secret, pin
}

// idle follows without doing anything.
type idle struct{}

func (idle) Folded() (party.ID, party.Seq) { return "", 0 }
func (idle) Welcome(wire.Welcome) error    { return nil }
func (idle) Records([]party.Record) error  { return nil }
func (idle) Signal(wire.Signal)            {}
func (idle) Away(error)                    {}

// TestLockedRegion: not one byte of a title leaves towards a guest whom a rule
// locks out, by any road, and an allowed guest beside them is not disturbed.
func TestLockedRegion(t *testing.T) {
	h := Host(t)
	ann := h.By("Ann", h.Invite("FR", party.Guest))
	bob := h.By("Bob", h.Invite("DE", party.Guest))
	h.Boss().Must(party.Cue{Title: "aurora", Play: true})

	film := ann.Film("aurora")
	if film.Status != http.StatusOK || len(film.Body) < 100_000 {
		t.Fatalf("the allowed guest got %d, %d bytes", film.Status, len(film.Body))
	}
	for _, path := range []string{"file", "poster", "subtitles/en", "subtitles/en.vtt", "subtitles/../file", "%66ile"} {
		for _, spoof := range []string{"", "Range", "X-Forwarded-For", "Accept-Language", "CF-IPCountry"} {
			a := Do(t, "GET", h.URL("/media/t/aurora/"+path), bob.Token, nil, func(r *http.Request) {
				if spoof == "Range" {
					r.Header.Set("Range", "bytes=0-99")
				} else if spoof != "" {
					r.Header.Set(spoof, "FR")
				}
			})
			noBytes(t, path+" "+spoof, a, film.Body)
		}
	}
	if a := bob.Film("aurora"); a.Status != http.StatusUnavailableForLegalReasons || a.Code() != "WP-REGION" {
		t.Errorf("locked by region: %d %s", a.Status, a.Body)
	}
	over := nodeOf(t, bob)
	for _, part := range []wire.Get{{Part: "file", Length: -1}, {Part: "file", Offset: 5, Length: 10}, {Part: "file", Head: true}, {Part: "poster", Length: -1}, {Part: "subtitle", Name: "en", Length: -1}} {
		part.Title = "aurora"
		if head, s, err := over.Get(t.Context(), part); err == nil {
			b, _ := io.ReadAll(s)
			t.Errorf("%+v by QUIC: %+v and %d bytes", part, head, len(b))
		} else if !strings.Contains(err.Error(), "WP-REGION") {
			t.Errorf("%+v by QUIC: %v", part, err)
		}
	}
	_, s, err := nodeOf(t, ann).Get(t.Context(), wire.Get{Title: "aurora", Part: "file", Length: -1})
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(s); err != nil || !bytes.Equal(b, film.Body) {
		t.Errorf("the allowed guest by QUIC: %d bytes, %v", len(b), err)
	}
	bob.Say("I am still here")
	ann.Saw("I am still here")
}

func noBytes(t *testing.T, what string, a Answer, film []byte) {
	t.Helper()
	if a.Status < 300 || len(a.Body) > 400 || bytes.Contains(film, a.Body) && len(a.Body) > 8 {
		t.Errorf("%s: %d with %d bytes", what, a.Status, len(a.Body))
	}
}

// TestUnknownAndHidden: what must not be known of looks like what does not exist.
func TestUnknownAndHidden(t *testing.T) {
	h := Host(t, Catalog(t, strings.NewReplacer("HIDDEN", "true", "[FR, DE]", "[FR]").Replace(twoFilms)))
	bob := h.By("Bob", h.Invite("DE", party.Guest))
	hidden, unknown := bob.Film("french"), bob.Film("frenchy")
	if hidden.Status != 404 || !bytes.Equal(hidden.Body, unknown.Body) || hidden.Status != unknown.Status {
		t.Errorf("hidden: %d %.200q; unknown: %d %.200q", hidden.Status, hidden.Body, unknown.Status, unknown.Body)
	}
	if a := bob.Get("/api/titles"); strings.Contains(string(a.Body), "french") {
		t.Errorf("the list tells: %s", a.Body)
	}
}

const twoFilms = `version: 1
library: films
titles:
  - {id: open, title: Open, file: night-train.mp4, regions: {allow: [world]}}
  - {id: french, title: French, file: aurora.mp4, hidden: HIDDEN, regions: {allow: [FR, DE]}}
`

// TestRuleEditedMidFilm: a changed rule cuts within a second, while bytes flow; a
// broken catalog changes nothing.
func TestRuleEditedMidFilm(t *testing.T) {
	before := strings.ReplaceAll(twoFilms, "HIDDEN", "false")
	h := Host(t, Catalog(t, before))
	ann, bob := h.By("Ann", h.Invite("FR", party.Guest)), h.By("Bob", h.Invite("DE", party.Guest))
	h.Boss().Must(party.Cue{Title: "french", Play: true})
	slow := func(p *Person) *http.Response {
		req, _ := http.NewRequestWithContext(t.Context(), "GET", h.URL("/media/t/french/file"), nil)
		req.Header.Set("Authorization", "Bearer "+p.Token)
		transport := &http.Transport{DisableKeepAlives: true}
		res, err := transport.RoundTrip(req)
		if err != nil || res.StatusCode != 200 {
			t.Fatalf("film: %v %v", res, err)
		}
		t.Cleanup(func() { res.Body.Close() })
		return res
	}
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(h.Cfg.Catalog, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	boss := h.Boss()
	write("version: 1\ntitles: [{oops: 1}]\n")
	boss.Signalled("the catalog's problem", func(s wire.Signal) bool { return s.Catalog != nil && len(s.Catalog.Problems) > 0 })
	if a := bob.Film("french"); a.Status != 200 {
		t.Fatalf("a broken catalog locks out: %d", a.Status)
	}
	film := slow(bob)
	began := time.Now()
	write(strings.Replace(before, "[FR, DE]", "[FR]", 1))
	bob.Signalled("that titles changed", func(s wire.Signal) bool { return s.Titles != nil })
	for bob.Film("french").Status == 200 && time.Since(began) < Patience {
	}
	if d := time.Since(began); d > time.Second {
		t.Errorf("the change held after %v", d)
	}
	whole := ann.Film("french")
	if whole.Status != 200 {
		t.Fatalf("the other guest: %d", whole.Status)
	}
	b, err := io.ReadAll(film.Body)
	if err == nil && len(b) == len(whole.Body) && len(b) > 1<<20 {
		t.Errorf("a film of %d bytes went on to its end after the cut", len(b))
	}
	if a := bob.Film("french"); a.Status != 451 {
		t.Errorf("after the edit: %d %s", a.Status, a.Body)
	}
}

// TestCutInsideAPiece: a film whose reader stands still waits inside the kernel for room;
// a rule that changes then cuts it there.
func TestCutInsideAPiece(t *testing.T) {
	text := "version: 1\nlibrary: films\ntitles: [{id: long, title: Long, file: long.mp4, regions: {allow: [FR, DE]}}]\n"
	use := Catalog(t, text)
	var cfg node.HostConfig
	use(&cfg)
	const size = 256 << 20 // many times what sockets hold
	path := filepath.Join(filepath.Dir(cfg.Catalog), "films", "long.mp4")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
	h := Host(t, use)
	bob := h.By("Bob", h.Invite("DE", party.Guest))
	req, _ := http.NewRequestWithContext(t.Context(), "GET", h.URL("/media/t/long/file"), nil)
	req.Header.Set("Authorization", "Bearer "+bob.Token)
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := transport.RoundTrip(req)
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("film: %v %v", res, err)
	}
	defer res.Body.Close()
	if err := os.WriteFile(h.Cfg.Catalog, []byte(strings.Replace(text, "[FR, DE]", "[FR]", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	bob.Signalled("that titles changed", func(s wire.Signal) bool { return s.Titles != nil })
	got := 0
	for buf := make([]byte, 64<<10); err == nil && got < size; {
		if a := Do(t, "HEAD", h.URL("/media/t/long/file"), bob.Token, nil); a.Status != 451 { // as slow as a question
			t.Fatalf("after the edit: %d", a.Status)
		}
		var n int
		n, err = io.ReadFull(res.Body, buf)
		got += n
	}
	if err == nil || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) { // a reset is what drops that which the kernel still holds
		t.Errorf("%d of %d bytes, and then: %v", got, size, err)
	}
}

// model is what the generated catalogs mean, in the plainest way.
type model struct {
	allow, deny []string
	tiers       []string
}

func (m model) admits(region string, held []string) int {
	in := func(set []string) bool {
		return slices.Contains(set, region) || slices.Contains(set, "world") ||
			slices.Contains(set, "EU") && (region == "FR" || region == "DE")
	}
	if in(m.deny) || !in(m.allow) {
		return 451
	}
	if len(m.tiers) > 0 && !slices.ContainsFunc(m.tiers, func(t string) bool { return slices.Contains(held, t) }) {
		return 403
	}
	return 200
}

// TestCatalogsAgainstModel: what 200 catalogs say is what the doors do.
func TestCatalogsAgainstModel(t *testing.T) {
	h := Host(t)
	rng := rand.New(rand.NewPCG(1, 2))
	some := func(from ...string) (out []string) {
		for _, f := range from {
			if rng.IntN(3) == 0 {
				out = append(out, f)
			}
		}
		return out
	}
	people := map[*Person]*guest.Guest{}
	for _, region := range []catalog.Region{"FR", "DE", "CH", "JP"} {
		for _, tiers := range [][]catalog.Tier{nil, {"prime"}} {
			p := h.By(string(region), h.Invite(region, party.Guest, tiers...))
			people[p] = nodeOf(t, p)
		}
	}
	asked := map[int]int{}
	for n := range 200 {
		m := model{allow: some("FR", "DE", "CH", "EU", "world"), deny: some("FR", "CH", "JP"), tiers: some("prime", "gold")}
		if len(m.allow) == 0 {
			m.allow = []string{"JP"}
		}
		c, problems := catalog.Parse("generated", fmt.Appendf(nil, `version: 1
titles: [{id: x, title: X, file: night-train.mp4, poster: night-train.jpg, regions: {allow: [%s], deny: [%s]}, tiers: [%s]}]
`, strings.Join(m.allow, ","), strings.Join(m.deny, ","), strings.Join(m.tiers, ",")), time.UTC)
		if c == nil {
			t.Fatal(problems)
		}
		h.Host.UseCatalog(c)
		for p, over := range people {
			want := m.admits(p.Joined.Region, p.Joined.Tiers)
			asked[want]++
			path := []string{"file", "poster"}[n%2]
			a := Do(t, "GET", h.URL("/media/t/x/"+path), p.Token, nil, func(r *http.Request) { r.Header.Set("Range", "bytes=0-63") })
			if got := map[bool]int{true: 200, false: a.Status}[a.Status == 206]; got != want {
				t.Fatalf("catalog %d %+v, guest %s %v: %d, want %d", n, m, p.Joined.Region, p.Joined.Tiers, got, want)
			}
			if want != 200 {
				noBytes(t, path, a, nil)
			}
			if n%5 == 0 {
				_, s, err := over.Get(t.Context(), wire.Get{Title: "x", Part: path, Length: 64})
				if (err == nil) != (want == 200) {
					t.Fatalf("catalog %d %+v, guest %s %v by QUIC: %v, want %d", n, m, p.Joined.Region, p.Joined.Tiers, err, want)
				}
				if s != nil {
					s.Cancel(wire.CodeDone)
				}
			}
		}
	}
	t.Logf("answers: %v", asked)
}
