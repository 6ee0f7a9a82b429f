package nodetest

import (
	"context"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Browser is a headless Chromium.
type Browser struct {
	testing.TB
	ctx context.Context
}

// A shared browser is one of all tests: starting one takes longer than many tests.
type shared struct {
	sync.Mutex
	ctx  context.Context // guarded by the mutex, as stop is
	stop func()
}

var whole, shell shared

// Chromium is a browser in which every page has a profile of its own, started by the first test that
// needs it, or for a benchmark alone. It reaches nothing but what the pages ask for.
func Chromium(t testing.TB) *Browser {
	t.Helper()
	if _, ok := t.(*testing.B); ok {
		return ChromiumIn(t, "")
	}
	return whole.browser(t, "chromium")
}

// Shell is Chromium without the program around its pages: the same engine with half the work for each
// page. It is for what is read and clicked; where tabs or frames count, and where it is not installed,
// there is [Chromium].
func Shell(t testing.TB) *Browser {
	t.Helper()
	const name = "chromium-headless-shell"
	if _, err := exec.LookPath(name); err != nil {
		return Chromium(t)
	}
	return shell.browser(t, name)
}

func (s *shared) browser(t testing.TB, name string) *Browser {
	t.Helper()
	s.Lock()
	defer s.Unlock()
	if s.ctx == nil || s.ctx.Err() != nil {
		s.ctx, s.stop = chromium(t, name, "", "")
	}
	return &Browser{t, s.ctx}
}

// EndChromium ends the browsers of all tests.
func EndChromium() {
	for _, s := range []*shared{&whole, &shell} {
		s.Lock()
		if s.stop != nil {
			s.stop()
		}
		s.Unlock()
	}
}

// ChromiumIn starts a browser of its own in a network namespace; "" is the machine's.
func ChromiumIn(t testing.TB, ns string) *Browser {
	t.Helper()
	ctx, stop := chromium(t, "chromium", ns, t.TempDir())
	t.Cleanup(stop)
	return &Browser{t, ctx}
}

// chromium starts a browser that keeps its profile in a folder; "": one that goes with it.
func chromium(t testing.TB, name, ns, profile string) (context.Context, func()) {
	t.Helper()
	path, err := exec.LookPath(name)
	Need(t, err == nil, name)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("mute-audio", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
		chromedp.Flag("host-resolver-rules", "MAP *.local 127.0.0.1"), // an address that is no secure context by itself
		chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true),
	)
	if profile != "" {
		options = append(options, chromedp.UserDataDir(profile))
	}
	if ns != "" { // ip becomes the browser, so the process is the same
		options = append(options, chromedp.ModifyCmdFunc(func(c *exec.Cmd) {
			c.Args = append([]string{"ip", "netns", "exec", ns}, c.Args...)
			c.Path, c.Err = exec.LookPath("ip")
		}))
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, cancel := chromedp.NewContext(alloc)
	end := func() {
		cancel()
		stop()
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		end()
		t.Fatalf("start Chromium: %v", err)
	}
	return ctx, end
}

// Page is one page of a browser, with a profile of its own.
type Page struct {
	testing.TB
	ctx   context.Context
	close context.CancelFunc
}

// Close closes the page. What it kept is gone.
func (p *Page) Close() { p.close() }

// Screen is the size of a page.
type Screen struct {
	Width, Height int64
	Mobile        bool
	Lang          string // as in Accept-Language; empty: en
}

// Sizes that pages are looked at in.
var (
	Desktop = Screen{1440, 900, false, "en"}
	Phone   = Screen{390, 844, true, "fr"}
	// Small is for several pages at once: one machine, without a graphics card, draws them all.
	Small = Screen{900, 620, false, "en"}
)

// Open opens an address in a profile of its own. The scripts are run in the page
// before its own, after the one that keeps the frames.
func (b *Browser) Open(url string, s Screen, scripts ...string) *Page {
	b.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	b.Cleanup(cancel)
	p := &Page{b.TB, ctx, cancel}
	if s.Lang == "" {
		s.Lang = "en"
	}
	setup := chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		source := strings.Join(append([]string{frames}, scripts...), "\n")
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: source})
		if err == nil {
			_, err = chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
				Width: s.Width, Height: s.Height, DeviceScaleFactor: 1, Mobile: s.Mobile,
			})
		}
		if err == nil {
			_, err = chromedp.Call(ctx, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: s.Lang})
		}
		if err == nil {
			_, err = chromedp.Call(ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: "Mozilla/5.0 Chrome", AcceptLanguage: s.Lang})
		}
		return err
	})
	if err := chromedp.Do(ctx, setup, chromedp.Navigate(url)); err != nil {
		b.Fatalf("open %s: %v", url, err)
	}
	return p
}

// Eval evaluates an expression in the page.
func Eval[T any](p *Page, js string) T {
	p.Helper()
	ctx, stop := context.WithTimeout(p.ctx, Patience)
	defer stop()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](js, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%.80s: %v", js, err)
	}
	return v
}

// Until waits until an expression holds in the page, or in the one that takes its place meanwhile.
func (p *Page) Until(what, js string) {
	p.Helper()
	ctx, stop := context.WithTimeout(p.ctx, Patience)
	defer stop()
	promise := fmt.Sprintf(`new Promise(ok => { const look = () => { let v = false; try { v = !!(%s) } catch {} v ? ok(true) : setTimeout(look, 30) }; look() })`, js)
	for {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](promise, chromedp.EvalAwaitPromise))
		if err == nil {
			return
		}
		select {
		case <-time.After(50 * time.Millisecond): // a page that goes takes the question with it
		case <-ctx.Done():
			p.Fatalf("never came: %s (%v)\n%s", what, err, Eval[string](p, `document.body?.innerText ?? ""`))
		}
	}
}

// named is a script that finds what a person would: a control by role and
// accessible name.
const named = `((role, name) => [...document.querySelectorAll(role)].find(e => e.offsetParent !== null && !e.disabled && ((e.getAttribute('aria-label') || '').startsWith(name) || e.textContent.trim().startsWith(name) || (e.labels && [...e.labels].some(l => l.textContent.trim().startsWith(name))))))`

// Button is an expression for a visible, enabled button of that name.
func Button(name string) string { return named + `('button', ` + strconv.Quote(name) + `)` }

// Field is an expression for a visible field of that name.
func Field(name string) string { return named + `('input, textarea', ` + strconv.Quote(name) + `)` }

// Click clicks a button by its name once it is there.
func (p *Page) Click(name string) {
	p.Helper()
	p.Until("button "+name, Button(name))
	Eval[bool](p, Button(name)+`.click() || true`)
}

// Fill writes into a field by its name, and sends the form with Enter if asked.
func (p *Page) Fill(name, text string) {
	p.Helper()
	p.Until("field "+name, Field(name))
	ctx, stop := context.WithTimeout(p.ctx, Patience)
	defer stop()
	Eval[bool](p, Field(name)+`.focus() || true`)
	if err := chromedp.Do(ctx, chromedp.KeyEvent(text)); err != nil {
		p.Fatal(err)
	}
}

// Replace writes into a field by its name, in the place of what is there.
func (p *Page) Replace(name, text string) {
	p.Helper()
	p.Until("field "+name, Field(name))
	Eval[bool](p, Field(name)+`.select() || true`)
	p.Fill(name, text)
}

// Screenshot keeps a picture of the page, if the run asks for pictures.
func (p *Page) Screenshot() []byte {
	p.Helper()
	b, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.Fatal(err)
	}
	return b
}

// Enter joins by the form that the page shows.
func (p *Page) Enter(nameField, name, button string) {
	p.Helper()
	p.Fill(nameField, name)
	p.Click(button)
	p.Until("the theatre", `document.querySelector('[role=log]') && document.querySelector('[role=log]').offsetParent !== null`)
}

// URLWithout is an address without its fragment.
func URLWithout(link string) string {
	base, _, _ := strings.Cut(link, "#")
	return base
}
