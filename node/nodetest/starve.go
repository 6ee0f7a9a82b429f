package nodetest

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// Starve keeps requests whose address matches from being answered, as a network does
// that has stopped carrying anything.
func (p *Page) Starve(pattern string) {
	p.Helper()
	p.do(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: pattern}}})
		return err
	})
}

// Feed lets everything through again, also what had been kept.
func (p *Page) Feed() {
	p.Helper()
	p.do(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, fetch.Disable, cdp.Empty{})
		return err
	})
}

func (p *Page) do(f func(context.Context) error) {
	p.Helper()
	if err := chromedp.Do(p.ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error { return f(ctx) })); err != nil {
		p.Fatal(err)
	}
}
