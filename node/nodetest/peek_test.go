//go:build long

package nodetest_test

import (
	"bytes"
	"fmt"
	"image"
	_ "image/png"
	"math"
	"testing"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestPeek: who points at the line sees the film at that time, with a mouse and with a finger, on
// the host's page and on that of a node of one's own; where there is no picture, the time. Not beside others: pictures
// are made with what they leave of the processor.
func TestPeek(t *testing.T) {
	list := dawn(t, "320x180", "world")
	h := Host(t, func(c *node.HostConfig) { c.Catalog, c.Cache = list, 1<<30 })
	boss := h.Boss()
	boss.Must(party.Cue{Title: "dawn"})
	boss.Must(party.Set{Drive: new(party.Guest)})
	b := Shell(t)
	sofa := b.Open(h.Ready.Invite, Small)
	sofa.Enter("Your name", "Sofa", "Join")
	sofa.Until("that there are pictures", `fetch('/api/titles').then(r => r.json()).then(l => !!l[0].play?.thumbs)`)
	boss.Must(party.Cue{Title: "dawn"})
	for _, part := range []float64{0.75, 0.03, 0.98} {
		sofa.Point(lineAt(sofa, part))
		checkPeek(t, sofa, part)
	}
	sofa.Point(lineAt(sofa, 0.4))
	checkPeek(t, sofa, 0.4)
	keepPictures(t, map[string]*Page{"peek": sofa})
	sofa.Point(400, 10)
	sofa.Until("nothing", `document.querySelector('.peek').hidden`)

	phone := b.Open(h.URL("/"), Phone)
	phone.Fill("PIN", "123456")
	phone.Enter("Votre nom", "Canapé", "Rejoindre")
	phone.Until("a line to drag", `document.querySelector('.line:not(:disabled)')`)
	x, y := lineAt(phone, 0.2)
	x2, _ := lineAt(phone, 0.6)
	phone.Drag(x, y, x2, y, func() {
		checkPeek(t, phone, 0.6)
		keepPictures(t, map[string]*Page{"peek-phone": phone})
	})
	phone.Until("nothing", `document.querySelector('.peek').hidden`)
	boss.Until("the seek", func() bool { at := boss.StateNow().Timeline.Pos.Seconds(); return at > 50 && at < 70 })

	den := b.Open(h.Node("Den", h.Ready.Invite).URL("/"), Small)
	den.Until("the line", `document.querySelector('.line:not(:disabled)')`)
	den.Point(lineAt(den, 0.5))
	checkPeek(t, den, 0.5)
}

// lineAt is where a part of the line is on the page, in pixels.
func lineAt(p *Page, part float64) (x, y float64) {
	p.Helper()
	p.Until("the line", `document.querySelector('.time-end').textContent === '1:40'`)
	box := Eval[[]float64](p, `(b => [b.left, b.width, b.top + b.height / 2])(document.querySelector('.line').getBoundingClientRect())`)
	return box[0] + part*box[1], box[2]
}

// checkPeek looks at the page for the colour that the film has then, and for the time.
func checkPeek(t *testing.T, p *Page, part float64) {
	t.Helper()
	p.Until("the picture", peek)
	box := Eval[[]float64](p, `(b => [b.left, b.top, b.width, b.height, innerWidth])(document.querySelector('.peek-picture').getBoundingClientRect())`)
	if box[0] < 0 || box[0]+box[2] > box[4] || box[1] < 0 || box[2] < 150 || math.Abs(box[2]/box[3]-16.0/9) > 0.03 {
		t.Errorf("at %v the picture lies at %v", part, box)
	}
	shot, _, err := image.Decode(bytes.NewReader(p.Screenshot()))
	if err != nil {
		t.Fatal(err)
	}
	r, _, _, _ := shot.At(int(box[0]+box[2]/2), int(box[1]+box[3]/2)).RGBA()
	if want := 255 * part; math.Abs(float64(r>>8)-want) > 255*0.04+12 { // a thumbnail is for four seconds
		t.Errorf("at %v the picture's red is %d, want %.0f", part, r>>8, want)
	}
	var seconds float64
	text := Eval[string](p, `document.querySelector('.peek-time').textContent`)
	var m, s int
	if _, err := fmt.Sscanf(text, "%d:%d", &m, &s); err != nil {
		t.Fatal(err)
	}
	if seconds = float64(60*m + s); math.Abs(seconds-100*part) > 1.5 {
		t.Errorf("at %v the time is said to be %s", part, text)
	}
}
