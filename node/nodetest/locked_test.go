package nodetest_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"watchparty/node/guest"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// askings is how often who is locked out asks; make test-long asks more often.
var askings = 1_200

// An asker is somebody who is locked out and asks for everything there could be.
type asker struct {
	*Person
	over *guest.Guest
	rng  *rand.Rand
	http *http.Client
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

// TestLockedAskingOnAndOn: whatever is asked for, of whatever kind, under whatever name, by HTTP, WebSocket or QUIC,
// whoever is locked out by region or membership gets no byte of it.
func TestLockedAskingOnAndOn(t *testing.T) {
	h := Host(t)
	ann := h.By("Ann", h.Invite("FR", party.Guest, "prime"))
	for _, title := range []string{"aurora", "harbour-lights"} { // there is something to be had
		if a := Do(t, "GET", h.URL("/media/t/"+title+"/file"), ann.Token, nil); a.Status != 200 || len(a.Body) < 100_000 {
			t.Fatalf("%s for who may: %d, %d bytes", title, a.Status, len(a.Body))
		}
	}
	var all sync.WaitGroup
	for n := range 4 {
		p := h.By("Bob", h.Invite("DE", party.Guest))
		if n%2 == 0 {
			p = h.By("Cem", h.Invite("FR", party.Guest))
		}
		a := &asker{p, nodeOf(t, p), rand.New(rand.NewPCG(uint64(n), 7)), &http.Client{
			Timeout:       Patience,
			Transport:     &http.Transport{DisableCompression: true},
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}}
		t.Cleanup(a.http.CloseIdleConnections)
		title := map[bool]string{true: "harbour-lights", false: "aurora"}[n%2 == 0]
		all.Go(func() {
			for i := 0; i < askings/4 && !t.Failed(); i++ {
				switch i % 40 {
				case 0:
					a.bySocket(title)
				case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12:
					a.byQUIC(title)
				default:
					a.byHTTP(title)
				}
			}
		})
	}
	all.Wait()
}

// name makes up the name of a part, of those that exist and of those that do not.
func (a *asker) name() string {
	n := a.rng.IntN(12)
	sort := pick(a.rng, "720", "480", "source", "a0", "a1", "live", "720s3", "")
	return pick(a.rng, "en", "fr", "s0", "s3", "a0", "main.m3u8", "main.480.m3u8", "main.s3.m3u8",
		sort+"/list.m3u8", sort+"/init.mp4", fmt.Sprintf("%s/%d.m4s", sort, n), fmt.Sprintf("%d.jpg", n), fmt.Sprint(n), "../file", "..", "")
}

// path makes up a path below a title, written in one of many ways.
func (a *asker) path(title string) string {
	part := pick(a.rng, "file", "poster", "thumbs/", "subtitles/", "sounds/", "live/", "hls/", "download", "", "artwork")
	if strings.HasSuffix(part, "/") {
		part += a.name() + pick(a.rng, "", ".vtt", ".jpg")
	}
	path := "/media/t/" + title + "/" + part
	at := 1 + a.rng.IntN(len(path)-1)
	switch a.rng.IntN(10) {
	case 0:
		return fmt.Sprintf("%s%%%02x%s", path[:at], path[at], path[at+1:])
	case 1:
		return path[:at] + strings.ToUpper(path[at:])
	case 2:
		return path[:at] + pick(a.rng, "/", "%2f", "%00", ".", "%5c", "..%2f", "/../"+title+"/", "./") + path[at:]
	case 3:
		return path + pick(a.rng, "/", "?token="+a.Token, "?region=FR&tiers=prime", ";a", "%20", ".")
	case 4:
		return "/media/t/night-train/../" + title + "/" + part
	}
	return path
}

func (a *asker) byHTTP(title string) {
	path := a.path(title)
	r, err := http.NewRequest(pick(a.rng, "GET", "GET", "GET", "HEAD"), a.House.URL(path), nil)
	if err != nil {
		return // not even the client takes it
	}
	_, port, _ := strings.Cut(a.House.Ready.QUIC, ":")
	switch a.rng.IntN(3) {
	case 0:
		r.Header.Set("Cookie", "watchparty_"+port+"="+a.Token)
	default:
		r.Header.Set("Authorization", "Bearer "+a.Token)
	}
	for range a.rng.IntN(3) {
		r.Header.Set(pick(a.rng, "X-Forwarded-For", "CF-IPCountry", "Accept-Language", "X-Region", "Forwarded", "X-Original-URL", "If-Range", "X-HTTP-Method-Override"),
			pick(a.rng, "FR", "fr-FR", "127.0.0.1", "/media/t/night-train/file", "POST", `"x"`))
	}
	if a.rng.IntN(2) == 0 {
		from := a.rng.IntN(100_000)
		r.Header.Set("Range", pick(a.rng, "bytes=0-", "bytes=-1", fmt.Sprintf("bytes=%d-%d", from, from+a.rng.IntN(1000)), "bytes=0-0,5-9"))
	}
	res, err := a.http.Do(r)
	if err != nil {
		a.Errorf("%s: %v", path, err)
		return
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	if res.StatusCode < 300 || len(body) > 400 || res.Header.Get("ETag") != "" || res.Header.Get("Content-Range") != "" {
		a.Errorf("%s %s %v: %d with %d bytes, %v", r.Method, path, r.Header, res.StatusCode, len(body), res.Header)
	}
}

func (a *asker) get(title string) wire.Get {
	return wire.Get{
		Token: a.Token, Title: title, Part: pick(a.rng, "file", "poster", "subtitle", "sound", "stream", "thumbs", "File", "film", ""), Name: a.name(),
		Offset: pick(a.rng, 0, a.rng.Int64N(100_000)), Length: pick(a.rng, -1, a.rng.Int64N(1000)), Head: a.rng.IntN(4) == 0,
	}
}

func (a *asker) byQUIC(title string) {
	get := a.get(title)
	if head, s, err := a.over.Get(a.Context(), get); err == nil {
		b, _ := io.ReadAll(s)
		a.Errorf("%+v by QUIC: %+v with %d bytes", get, head, len(b))
	}
}

func (a *asker) bySocket(title string) {
	conn, err := wire.DialWebSocket(a.Context(), "ws://"+a.House.Ready.QUIC+"/ws", wire.Timeouts{})
	if err == nil {
		err = wire.Send(a.Context(), conn, a.get(title))
	}
	if err != nil {
		a.Errorf("by WebSocket: %v", err)
		return
	}
	defer conn.Close(wire.Bye{})
	if f, err := conn.Read(a.Context()); err == nil {
		if _, ok := f.(wire.Bye); !ok {
			a.Errorf("by WebSocket: %+v", f)
		}
	}
}
