//go:build linux

package nodetest_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"text/tabwriter"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// The clock's picture tells the moment at which it was drawn, in milliseconds of 16 bits: a row of white and black
// fields, and the same once more the other way round, so that a picture that came badly is known.
const (
	// clockCamera is a camera whose picture is the clock, 30 times a second. The microphone is the browser's.
	clockCamera = `if (navigator.mediaDevices) {
  const get = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async ({ audio }) => {
    const stream = await get({ audio }), c = document.createElement('canvas'), g = c.getContext('2d');
    c.width = 640; c.height = 360;
    const draw = () => {
      const ms = Math.round(window.__true.now()) & 0xffff;
      g.fillStyle = 'hsl(' + (ms / 50) % 360 + ' 50% 40%)';
      g.fillRect(0, 180, 640, 180);
      for (let i = 0; i < 16; i++) for (const row of [0, 1]) {
        g.fillStyle = (ms >> i & 1) === row ? '#000' : '#fff';
        g.fillRect(i * 40, row * 90, 40, 90);
      }
    };
    draw();
    setInterval(draw, 1000 / 30);
    c.captureStream().getVideoTracks().forEach((t) => stream.addTrack(t));
    return stream;
  };
}`
	// clockReader notes how old each picture of the first face is when it is to be seen.
	clockReader = `{
  const { now, origin, onFrame } = window.__true, ages = window.__ages = [];
  const g = new OffscreenCanvas(160, 45).getContext('2d', { willReadFrequently: true });
  const read = (video) => {
    g.drawImage(video, 0, 0, video.videoWidth, video.videoHeight / 2, 0, 0, 160, 45);
    const { data } = g.getImageData(0, 0, 160, 45), lit = (i, y) => data[4 * (y * 160 + i * 10 + 5)] > 127;
    let ms = 0;
    for (let i = 0; i < 16; i++) {
      if (lit(i, 11) === lit(i, 33)) return;
      ms |= lit(i, 11) << i;
    }
    return ms;
  };
  const look = (video) => onFrame.call(video, (_, { expectedDisplayTime }) => {
    const drawn = read(video), shown = Math.max(origin + expectedDisplayTime, now());
    ages.push(drawn === undefined ? -1 : (Math.round(shown) - drawn) & 0xffff);
    look(video);
  });
  let last;
  setInterval(() => {
    const video = document.querySelector('video[data-part="camera"]');
    if (video && video !== last) look(last = video);
  }, 100);
}`
)

// BenchmarkStageGlass measures how long it takes from the picture that is drawn to the one that is seen, in Chromium, on
// loopback: through the host's stage, and on through a guest's node, without a film and while one plays.
func BenchmarkStageGlass(b *testing.B) {
	p := start(b, "", "serve", "--json", "--listen", "127.0.0.1:0", "--camera-port", "0", "--no-mdns", "--data", b.TempDir(), "--region", "FR")
	h := p.house()
	den := join(b, "", "Den", h.Ready.Invite).event("joined").URL
	chromium := Chromium(b)
	desk := chromium.Open(strings.Replace(h.Ready.Desk, "127.0.0.1", "localhost", 1), Small, clockCamera)
	boss := h.Boss()
	desk.Click("Camera")
	desk.Click("Turn on the preview")
	desk.Click("Go on stage")
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer table.Flush()
	fmt.Fprint(table, "\nglass to glass\tpictures\tunread\tp50 ms\tp95 ms\tworst ms\tthe desk says\t\n")
	for _, film := range []string{"no film", "a film plays"} {
		for _, way := range []struct{ name, url string }{{"the host's page", h.Ready.Invite}, {"a guest's node's page", den}} {
			page := chromium.Open(way.url, Small, clockReader)
			if way.url != den {
				page.Enter("Your name", "Sofa", "Join")
			}
			if film != "no film" {
				boss.Must(party.Cue{Title: "night-train", Play: true})
				page.Until("the film", playing+` && v.currentTime > 1`)
			}
			ages, unread := clockAges(page)
			fmt.Fprintf(table, "%s, %s\t%d\t%d\t%.0f\t%.0f\t%.0f\t%s\t\n", way.name, film, len(ages), unread, quantile(ages, .5), quantile(ages, .95), quantile(ages, 1),
				Eval[string](desk, `document.querySelector('.on-air-delay').textContent`))
			page.Close()
			desk.Until("nobody who looks", `document.querySelector('.on-air-delay').hidden`)
		}
	}
}

// clockAges is how old the next 300 pictures are, in ms, and how many could not be read.
func clockAges(p *Page) (ages []float64, unread int) {
	p.Helper()
	const begin = `(window.__ages.length = 0, true)`
	p.Until("pictures", begin)
	p.Until("pictures", `window.__ages.length > 100`) // the sender has found out how much the way takes
	p.Until("pictures", begin)
	for n := range 4 { // each in its own time
		p.Until("pictures", fmt.Sprintf(`window.__ages.length >= %d`, 75*(n+1)))
	}
	for _, ms := range Eval[[]float64](p, `window.__ages`) {
		if ms < 0 {
			unread++
		} else {
			ages = append(ages, ms)
		}
	}
	return ages, unread
}
