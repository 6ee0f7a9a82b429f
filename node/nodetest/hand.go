package nodetest

import (
	"context"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Point moves the mouse to a place on the page, in pixels.
func (p *Page) Point(x, y float64) {
	p.Helper()
	p.hand(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: x, Y: y})
		return err
	})
}

// Drag lays a finger on the page, moves it elsewhere, and lifts it after look.
func (p *Page) Drag(x, y, toX, toY float64, look func()) {
	p.Helper()
	touch := func(kind input.DispatchTouchEventType, points ...*input.TouchPoint) {
		p.hand(func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
			return err
		})
	}
	touch("touchStart", &input.TouchPoint{X: x, Y: y})
	const steps = 8
	for i := 1.0; i <= steps; i++ {
		touch("touchMove", &input.TouchPoint{X: x + (toX-x)*i/steps, Y: y + (toY-y)*i/steps})
	}
	look()
	touch("touchEnd")
}

func (p *Page) hand(do func(context.Context) error) {
	p.Helper()
	ctx, stop := context.WithTimeout(p.ctx, Patience)
	defer stop()
	if err := chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error { return do(ctx) })); err != nil {
		p.Fatal(err)
	}
}
