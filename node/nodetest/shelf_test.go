package nodetest_test

import (
	"cmp"
	"fmt"
	"image"
	_ "image/png"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"watchparty/media/catalog"
	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// A shelved film is one of the test library, and what is to become of it.
type shelved struct {
	file    string
	way     string  // how Chromium gets it: "file", or "hls"; empty: by the file until it meets with what is missing
	rate    float64 // frames a second; 0: it has no picture
	seconds float64 // that there are
	mute    bool    // no subtitles lie beside it
	inside  string  // what its French subtitles say, which are in the film
	refused string  // the code that says why it does not play
	shape   float64 // its width by its height; 0: 5/3
}

// shelf is the test library, which testdata/library.sh makes.
var shelf = []shelved{
	{file: "plain.mp4", way: "file", rate: 25, seconds: 24},
	{file: "home.mkv", way: "hls", rate: 25, seconds: 24},
	{file: "deep.mkv", way: "hls", rate: 25, seconds: 24, inside: "deux"},
	{file: "open.webm", way: "file", rate: 25, seconds: 24},
	{file: "old.avi", way: "hls", rate: 25, seconds: 24},
	{file: "tv.ts", way: "hls", rate: 25, seconds: 24},
	{file: "camera.mov", way: "hls", rate: 25, seconds: 24},
	{file: "new.mkv", way: "file", rate: 25, seconds: 24},
	{file: "phone.mp4", way: "file", rate: 25, seconds: 24, shape: 0.6},
	{file: "uneven.mkv", way: "hls", rate: 25, seconds: 24},
	{file: "long.mkv", way: "hls", rate: 2, seconds: 14400, mute: true, shape: 2},
	{file: "film.mp4", way: "hls", rate: 25, seconds: 24},
	{file: "cut.mkv", rate: 25, seconds: 11, mute: true},
	{file: "album/01-tone.flac", way: "file", seconds: 24, mute: true},
	{file: "album/02-tone.flac", way: "file", seconds: 24, mute: true},
	{file: "text.mkv", refused: "WP-MEDIA-BROKEN"},
	{file: "empty.mp4", refused: "WP-MEDIA-BROKEN"},
	{file: "cut.mp4", refused: "WP-MEDIA-BROKEN"},
}

// ordinary are those that every run of the tests looks at: one for each way in which films come.
func ordinary() (some []shelved) {
	for _, f := range shelf {
		if slices.Contains([]string{"plain.mp4", "deep.mkv", "old.avi", "phone.mp4", "cut.mkv", "text.mkv"}, f.file) {
			some = append(some, f)
		}
	}
	return some
}

// id is the film's name in the catalog.
func (s shelved) id() catalog.TitleID {
	return catalog.TitleID(strings.NewReplacer("/", "-", ".", "-").Replace(s.file))
}

var making sync.Mutex // of the test library

// library makes films of the test library, once in a run of the tests, and gives the
// folder. WATCHPARTY_LIBRARY names one that is kept.
func library(t testing.TB, films ...string) (dir string) {
	t.Helper()
	for _, name := range []string{"ffmpeg", "ffprobe", "sh"} {
		_, err := exec.LookPath(name)
		Need(t, err == nil, name)
	}
	making.Lock()
	defer making.Unlock()
	dir = cmp.Or(os.Getenv("WATCHPARTY_LIBRARY"), filepath.Join(binaryDir, "library"))
	var halves errgroup.Group // most encoders leave a core idle
	for i := range 2 {
		args := []string{"testdata/library.sh", dir}
		for j := i; j < len(films); j += 2 {
			args = append(args, films[j])
		}
		halves.Go(func() error {
			if len(args) == 2 {
				return nil
			}
			if out, err := exec.Command("sh", args...).CombinedOutput(); err != nil {
				return fmt.Errorf("%w: %s", err, out)
			}
			return nil
		})
	}
	if err := halves.Wait(); err != nil {
		t.Fatalf("make the library: %v", err)
	}
	return dir
}

// shelve has a host serve films of a folder.
func shelve(t testing.TB, dir string, films ...shelved) Option {
	t.Helper()
	text := fmt.Sprintf("version: 1\nlibrary: %q\ndefaults: {regions: {allow: [world]}}\ntitles:\n", dir)
	for _, f := range films {
		text += fmt.Sprintf("  - {id: %s, title: %q, file: %q}\n", f.id(), f.file, f.file)
	}
	path := filepath.Join(t.TempDir(), "catalog.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return func(c *node.HostConfig) { c.Catalog, c.Cache = path, 1<<30 }
}

// told reads the time that is drawn into a picture, in seconds; NaN: it cannot be read.
// Light is asked for a place, in parts of width and height.
func told(light func(x, y float64) float64) float64 {
	ms := 0
	for bit := range 24 {
		switch l := light((float64(bit%12)+0.5)/12, (float64(bit/12)+0.5)/8); {
		case l > 0.7:
			ms |= 1 << bit
		case !(l < 0.3):
			return math.NaN()
		}
	}
	return float64(ms) / 1000
}

// shown is what the page's picture tells of its time, in seconds: a script.
const shown = `(() => {
	const v = document.querySelector('video[data-part=film]'), c = new OffscreenCanvas(v.videoWidth, v.videoHeight), g = c.getContext('2d');
	g.drawImage(v, 0, 0);
	let ms = 0;
	for (let bit = 0; bit < 24; bit++) {
		const [l] = g.getImageData((bit % 12 + 0.5) / 12 * c.width, (Math.floor(bit / 12) + 0.5) / 8 * c.height, 1, 1).data;
		if (l > 178) ms += 2 ** bit; else if (l > 77) return -1;
	}
	return ms / 1000;
})()`

// shown is the same of mpv's picture.
func (c *cinema) shown() float64 {
	path := filepath.Join(c.TempDir(), "shot.png")
	c.do("screenshot-to-file", path, "video")
	f, err := os.Open(path)
	if err != nil {
		return math.NaN()
	}
	defer f.Close()
	picture, _, err := image.Decode(f)
	if err != nil {
		return math.NaN()
	}
	size := picture.Bounds().Size()
	return told(func(x, y float64) float64 {
		r, _, _, _ := picture.At(int(x*float64(size.X)), int(y*float64(size.Y))).RGBA()
		return float64(r) / 0xffff
	})
}

// A reel is when the pictures of a film are shown, in seconds of the film.
type reel []float64

func reelOf(t testing.TB, path string) (r reel) {
	t.Helper()
	out, err := exec.Command("ffprobe", "-v", "error", "-show_entries", "packet=codec_type,pts_time:format=start_time", "-of", "csv=p=0", path).Output()
	if err != nil {
		t.Fatalf("pictures of %s: %v", path, err)
	}
	begin := 0.0
	for line := range strings.Lines(string(out)) {
		words := strings.Split(strings.TrimSpace(line), ",")
		at, err := strconv.ParseFloat(words[min(1, len(words)-1)], 64)
		switch {
		case err != nil:
		case words[0] == "video": // others follow on the line
			r = append(r, at)
		case len(words) == 1:
			begin = at
		}
	}
	slices.Sort(r)
	for i := range r {
		r[i] -= begin
	}
	return r
}

// off is how far a moment is from the time for which the picture that tells of some time
// is to be shown, in seconds. What the pictures tell begins with the first of them.
func (r reel) off(tells, asked float64) float64 {
	i, _ := slices.BinarySearch(r, r[0]+tells-0.002)
	switch {
	case i == len(r) || math.Abs(r[i]-r[0]-tells) > 0.002: // there is no such picture
		return math.Inf(1)
	case asked < r[i]:
		return r[i] - asked
	case i+1 < len(r):
		return max(0, asked-r[i+1])
	}
	return 0
}

// A showing is a page and an mpv at one party, to which films are shown.
type showing struct {
	*testing.T
	dir   string
	boss  *Person
	page  *Page
	mpv   *cinema
	seeks int
	worst [2]float64 // seconds that the page and mpv were off
}

// TestLibrary: every film of the test library plays in Chromium and, through a guest's
// node, in mpv; both go to random places within a frame, by what the picture itself says,
// and show the subtitles of that moment. What does not play is refused with a sentence.
// WATCHPARTY_SEEKS is how many places, in all films; in ordinary runs it is one, in some of them.
func TestLibrary(t *testing.T) {
	silentMPV(t)
	shown, seeks := ordinary(), 1
	if n, err := strconv.Atoi(os.Getenv("WATCHPARTY_SEEKS")); err == nil {
		shown, seeks = shelf, n
	}
	var films []string
	for _, f := range shown {
		films = append(films, f.file)
	}
	e := &showing{T: t, dir: library(t, films...), seeks: seeks}
	h := Host(t, shelve(t, e.dir, shown...))
	b := Shell(t)
	desk := b.Open(h.Ready.Desk, Small)
	desk.Until("what they are", `fetch('/api/titles').then(r => r.json()).then(l => l.length > 0 && l.every(t => t.play || t.offline))`)
	desk.Close()
	e.page = b.Open(h.Ready.Invite, Small) // which now has them in its list
	e.page.Enter("Your name", "Sofa", "Join")
	e.mpv, e.boss = newCinema(h, "Den", ""), h.Boss()
	if text := string(Do(t, "GET", h.URL("/metrics"), "", nil).Body); !strings.Contains(text, "\nwatchparty_conversions_working 0\n") || !strings.Contains(text, "\nwatchparty_conversions_waiting 0\n") {
		t.Errorf("the metrics tell nothing of conversions:\n%s", text)
	}
	for i, f := range shown {
		t.Run(f.file, func(t *testing.T) {
			one := *e
			one.T, one.page.TB, one.mpv.TB = t, t, t
			e.boss.Must(party.Cue{Title: f.id()})
			if f.refused != "" {
				one.refuses(h, f)
				return
			}
			one.plays(f, rand.New(rand.NewPCG(4, uint64(i))))
		})
	}
}

// plays shows a film.
func (e *showing) plays(f shelved, chance *rand.Rand) {
	e.Helper()
	pictures, frame := reel{0}, 0.025
	if f.rate > 0 {
		pictures, frame = reelOf(e, filepath.Join(e.dir, f.file)), 1/max(f.rate, 10)
	}
	for n := range e.seeks {
		to := math.Floor(1+chance.Float64()*(f.seconds-3)) + 0.2 + 0.6*chance.Float64() // while there are words
		e.boss.Must(party.Seek{Position: party.At(to)})
		e.page.Until("the place", fmt.Sprintf(`window.watchparty.doing === 'paused' && Math.abs(%s.currentTime - %v) < %v`, video, to, frame))
		if f.rate > 0 {
			e.frame(pictures, to, frame+0.001)
		}
		if !f.mute {
			e.words(n, fmt.Sprintf("line %d", int(to)))
		}
		if n == e.seeks-1 && f.inside != "" {
			e.inside(f.inside, to)
		}
	}
	way := Eval[string](e.page, `window.watchparty.source`)
	if e.Logf("by %s, %d places: Chromium at most %.0f ms off, mpv %.0f ms", way, e.seeks, 1000*e.worst[0], 1000*e.worst[1]); f.way != "" && (way == "file") != (f.way == "file") {
		e.Errorf("it comes as %s, not %s", way, f.way)
	}
	if f.rate > 0 {
		want := cmp.Or(f.shape, 5.0/3)
		if got := Eval[float64](e.page, video+`.videoWidth / `+video+`.videoHeight`); math.Abs(got/want-1) > 0.02 {
			e.Errorf("the picture is %.2f times as wide as high, and not %.2f", got, want)
		}
	}
	e.boss.Must(party.Play{})
	e.page.Until("it to play", playing+` && Math.abs(window.watchparty.position - v.currentTime) < 0.2`)
	e.mpv.follows("the film")
}

// frame looks at the pictures of both, which may be a frame off.
func (e *showing) frame(pictures reel, to, most float64) {
	e.Helper()
	tells := Eval[float64](e.page, shown)
	if e.worst[0] = max(e.worst[0], pictures.off(tells, to)); pictures.off(tells, to) > most {
		e.Errorf("asked for %.3f s, Chromium shows the picture of %.3f s", to, tells)
	}
	e.mpv.until(fmt.Sprintf("the picture of %.3f s", to), func() bool {
		if e.mpv.get("pause") != true || e.mpv.get("seeking") != false {
			return false
		}
		tells = e.mpv.shown()
		return pictures.off(tells, to) <= most
	})
	e.worst[1] = max(e.worst[1], pictures.off(tells, to))
}

// words looks for a line of subtitles on both.
func (e *showing) words(n int, line string) {
	e.Helper()
	if n == 0 && Eval[bool](e.page, video+`.textTracks.length === 0 || [...`+video+`.textTracks].every(t => t.mode === 'disabled')`) {
		e.choose("English")
	}
	e.page.Until(line, shownCues+`.includes('`+line+`')`)
	e.mpv.until(line, func() bool {
		if e.mpv.get("sid") == false {
			e.mpv.do("set_property", "sid", 1)
		}
		return strings.Contains(fmt.Sprint(e.mpv.get("sub-text")), line)
	})
}

// refuses looks for the sentence.
func (e *showing) refuses(h *House, f shelved) {
	e.Helper()
	a := Do(e, "GET", h.URL("/media/t/"+string(f.id())+"/hls/main.m3u8"), e.boss.Token, nil)
	if a.Code() != f.refused || field(e.T, a.Body, "reason") == "" {
		e.Errorf("the door says %d %s", a.Status, a.Body)
	}
	e.page.Until("the sentence", fmt.Sprintf(`document.querySelector('.card').offsetParent && document.querySelector('.card').innerText.includes(%q)`, field(e.T, a.Body, "reason")))
	e.mpv.until("nothing", func() bool { return e.mpv.get("idle-active") == true })
}

// inside looks for a line of the French subtitles that are in the film, on both, a second from where they are.
func (e *showing) inside(word string, at float64) {
	e.Helper()
	e.choose("Français")
	for _, track := range e.mpv.get("track-list").([]any) {
		if t := track.(map[string]any); t["type"] == "sub" && t["lang"] == "fra" {
			e.mpv.do("set_property", "sid", t["id"])
		}
	}
	if at--; at < 1 {
		at += 2
	}
	e.boss.Must(party.Seek{Position: party.At(at)})
	line := fmt.Sprintf("%s %d", word, int(at))
	e.page.Until(line, shownCues+`.includes('`+line+`')`)
	e.mpv.until(line, func() bool { return strings.Contains(fmt.Sprint(e.mpv.get("sub-text")), line) })
}

// choose chooses subtitles in the page; sounds, which are above them, may have the same name.
func (e *showing) choose(name string) {
	e.Helper()
	if !Eval[bool](e.page, `document.querySelector('.words').matches(':popover-open')`) {
		e.page.Click("Subtitles")
	}
	const entry = `[...document.querySelectorAll('.words:popover-open button')].findLast(b => b.textContent === '%s')`
	e.page.Until("subtitles: "+name, fmt.Sprintf(entry, name))
	Eval[bool](e.page, fmt.Sprintf(entry, name)+`.click() || true`)
}
