//go:build long && linux

package nodetest_test

import (
	"net/http"
	"testing"

	. "watchparty/node/nodetest"
)

// TestFaceAcrossHouses: the built programs, the host's in a network namespace of its own. Its face and voice come to a page that was opened
// at the host's plain address, where a browser gives no camera, and to the page of a node on this side, over QUIC.
func TestFaceAcrossHouses(t *testing.T) {
	l := (&Link{}).Up(t)
	picture := obsPicture(t)
	sound := encoded(t, "sine=f=440,volume=4", "-t", "20", "-c:a", "libopus", "-page_duration", "20000", "-f", "ogg", "-")
	p := start(t, l.Namespace, "serve", "--json", "--no-mdns", "--listen", l.There+":0", "--data", t.TempDir(), "--region", "FR")
	h := p.house()
	boss := h.Boss()
	node := start(t, "", "join", h.Ready.Invite, "--name", "Attic", "--data", t.TempDir(), "--json")
	b := Chromium(t)
	sofa, attic := b.Open(h.Ready.Invite, Small), b.Open(node.event("joined").URL, Small)
	sofa.Enter("Your name", "Sofa", "Join")
	if Eval[bool](sofa, `isSecureContext`) || !Eval[bool](attic, `isSecureContext`) {
		t.Error("the host's page is taken for a secure one, or the node's is not")
	}
	o := &obs{TB: t, server: h.URL("/whip"), key: boss.Token}
	o.stageUp()
	o.publish()
	go o.film(picture)
	go o.speak(sound)
	for name, page := range map[string]*Page{"the host's plain page": sofa, "the node's page": attic} {
		page.Until("pictures on "+name, face+` > 20`)
		page.Until("sound on "+name, `document.querySelector('.face').classList.contains('speaks')`)
	}
	keepPictures(t, map[string]*Page{"lan": sofa, "lan-node": attic})
	if a := o.ask(http.MethodDelete, o.session, "", ""); a.StatusCode != http.StatusOK {
		t.Errorf("leaving: %s", a.Status)
	}
	for _, page := range []*Page{sofa, attic} {
		page.Until("an empty stage", `!document.querySelector('.face')`)
	}
}
