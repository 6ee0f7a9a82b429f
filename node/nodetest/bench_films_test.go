//go:build long && linux

package nodetest_test

import (
	"fmt"
	"math"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"watchparty/media/catalog"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// BenchmarkFilms measures films of 1280 × 720 at 24 frames a second: how fast one is converted,
// how long after a seek its first picture is there, and how well three viewers are kept together
// who get it in three ways. WATCHPARTY_BENCH_FILMS is how many seconds the last is looked at.
func BenchmarkFilms(b *testing.B) {
	films := []shelved{{file: "big.mkv"}, {file: "big.mp4"}}
	dir := library(b, "big.mkv", "big.mp4")
	b.Run("convert", func(b *testing.B) { convertSpeed(b, Host(b, shelve(b, dir, films...))) })
	for _, way := range []struct{ name, film, script string }{{"direct", "big-mp4", ""}, {"native", "big-mkv", noMSE}, {"hls.js", "big-mkv", noNative}} {
		b.Run("seek "+way.name, func(b *testing.B) {
			h := Host(b, shelve(b, dir, films...))
			p := Chromium(b).Open(h.Ready.Invite, Small, way.script)
			seekTimes(b, h, p, way.film)
		})
	}
	b.Run("three", func(b *testing.B) { threeWays(b, dir, films) })
}

// convertSpeed asks for all segments of pictures and sound, as fast as they come.
func convertSpeed(b *testing.B, h *House) {
	boss := h.Boss()
	list := func(name string) []string {
		a := Do(b, "GET", h.URL("/media/t/big-mkv/hls/"+name+"/list.m3u8"), boss.Token, nil)
		var out []string
		for line := range strings.Lines(string(a.Body)) {
			if strings.HasSuffix(strings.TrimSpace(line), ".m4s") {
				out = append(out, strings.TrimSpace(line))
			}
		}
		if a.Status != http.StatusOK || len(out) == 0 {
			b.Fatalf("%d %s", a.Status, a.Body)
		}
		return out
	}
	seconds := 0.0
	var all sync.WaitGroup
	lists := map[string][]string{"720": list("720"), "a0": list("a0")}
	began := time.Now()
	for name, pieces := range lists {
		seconds = float64(4 * len(pieces))
		all.Go(func() {
			for _, piece := range pieces {
				if a := Do(b, "GET", h.URL("/media/t/big-mkv/hls/"+name+"/"+piece), boss.Token, nil); a.Status != http.StatusOK {
					b.Errorf("%s/%s: %d %s", name, piece, a.Status, a.Body)
					return
				}
			}
		})
	}
	all.Wait()
	b.ReportMetric(seconds/time.Since(began).Seconds(), "x_real_time")
}

// seekTimes goes to places that nobody has been at, while the film plays.
func seekTimes(b *testing.B, h *House, p *Page, film string) {
	p.Enter("Your name", "Sofa", "Join")
	p.Until("what it is", `fetch('/api/titles').then(r => r.json()).then(l => l.every(t => t.play))`)
	boss := h.Boss()
	var picture, moves []float64
	boss.Must(party.Cue{Title: catalog.TitleID(film), Play: true})
	p.Until("the film", playing+` && v.currentTime > 1`)
	for _, to := range []float64{190, 45, 95, 215, 140} {
		from := time.Now()
		boss.Must(party.Seek{Position: party.At(to)})
		p.Until("the film", fmt.Sprintf(playing+` && v.currentTime > %v && v.currentTime < %v`, to+0.3, to+15))
		first, second := math.Inf(1), math.Inf(1)
		for _, f := range p.Frames(from, time.Now()) {
			after := (f.At - float64(from.UnixMicro())/1000) / 1000
			if f.Media < to-0.05 || f.Media > to+15 {
				continue
			}
			if first > after {
				first = after
			} else if second > after && f.Media > to {
				second = after
			}
		}
		picture, moves = append(picture, first), append(moves, second)
	}
	b.ReportMetric(quantile(picture, .5), "s_picture_median")
	b.ReportMetric(quantile(picture, 1), "s_picture_worst")
	b.ReportMetric(quantile(moves, 1), "s_moving_worst")
	b.Logf("first picture after %.2f s, moving after %.2f s", picture, moves)
}

// threeWays has three pages and an mpv at one party: the file, HLS by hls.js, HLS by a browser without it.
func threeWays(b *testing.B, dir string, films []shelved) {
	mpvHome(b)
	children := illFFmpeg(b)
	s := &stage{B: b, fps: 24, h: Host(b, shelve(b, dir, films...))}
	browser := Chromium(b)
	for i, script := range []string{"", noFile + noNative, noFile + noMSE} {
		p := browser.Open(s.h.Ready.Invite, Small, Watch, script)
		p.Enter("Your name", fmt.Sprintf("Screen %d", i), "Join")
		p.Until("what it is", `fetch('/api/titles').then(r => r.json()).then(l => l.every(t => t.play))`)
		s.pages, s.tracks, s.later = append(s.pages, p), append(s.tracks, &Track{}), append(s.later, 0)
	}
	_, socket := mpvSeat(b, "", "Den", s.h.Ready.Invite)
	s.mpvs, s.tracks = append(s.mpvs, WatchMPV(b, socket)), append(s.tracks, &Track{})
	s.boss = s.h.Boss()
	s.wish(party.Cue{Title: "big-mp4", Play: true})
	for _, p := range s.pages {
		p.Until("the film", playing+` && v.currentTime > 1`)
	}
	pass(3)
	s.take()
	seconds := 60.0
	if n, err := strconv.ParseFloat(os.Getenv("WATCHPARTY_BENCH_FILMS"), 64); err == nil {
		seconds = n
	}
	from := Moment()
	worked, all := busy()
	pass(seconds + 0.4)
	worked2, all2 := busy()
	s.take()
	ways := ""
	for _, p := range s.pages {
		ways += " " + Eval[string](p, `window.watchparty.source + ' ' + `+video+`.videoHeight`)
	}
	pictures, sounds := started(b, children)
	b.Logf("by%s; %d children made pictures and %d sound; the machine was %.0f %% busy", ways, pictures, sounds, 100*(worked2-worked)/(all2-all))
	s.quantiles("frames apart", framesBetween(s.tracks, s.fps, from, from+1000*seconds))
	ms := msApart(s.tracks, from, from+1000*seconds)
	s.quantiles("ms apart with mpv", ms)
	s.quantiles("ms apart, pages", msApart(s.tracks[:3], from, from+1000*seconds))
	for _, name := range s.names {
		b.ReportMetric(float64(s.values[name]), strings.ReplaceAll(strings.ReplaceAll(name, " ", "_"), ",", ""))
	}
}
