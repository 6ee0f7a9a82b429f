//go:build long

package nodetest_test

import (
	"context"
	"testing"

	"watchparty/node"
	"watchparty/node/guest"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestAtTheDoorPages: a newcomer's page waits calmly and comes in by itself; the desk, also on a phone, lets in with one tap,
// turns away with another, and shows a node's key; invitations that are out are listed and taken back.
func TestAtTheDoorPages(t *testing.T) {
	h, b := Host(t, func(c *node.HostConfig) { c.Admit = true }), Chromium(t)
	desk := b.Open(h.Ready.Desk, Desktop)
	desk.Until("the desk", `!!document.querySelector('.tiles')`)
	ana := b.Open(h.Ready.Invite, Phone)
	ana.Fill("Votre nom", "Ana-Maria <b>Fernández</b>")
	ana.Click("Rejoindre")
	ana.Until("she waits", `/Vous êtes à la porte/.test(document.querySelector('.at-door')?.innerText ?? '')`)
	id, err := wire.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	identity, err := wire.LoadIdentity(id)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), Patience)
	defer stop()
	in := make(chan error, 1)
	go func() {
		_, _, err := guest.Join(ctx, guest.Config{Addrs: []string{h.Ready.QUIC}, Identity: identity, Log: quiet}, wire.Join{Name: "Édouard’s den", Knock: "node"})
		in <- err
	}()
	desk.Until("the node is there", `!!document.querySelector('.knock-key')`)
	ask := func(name string) Answer {
		return Do(t, "POST", h.URL("/api/join"), "", map[string]string{"name": name, "pin": "123456", "knock": name})
	}
	for _, name := range []string{"Bob", "Cem", "Dora"} {
		ask(name)
	}
	desk.Until("five wait", `document.querySelectorAll('.knock-list > li').length === 4 && /and 1 more/.test(document.querySelector('.knocks').innerText)`)
	phone := b.Open(h.Ready.Desk, Phone)
	phone.Until("a desk that is opened later", `document.querySelectorAll('.knock-list > li').length === 4 && document.querySelector('.knock-key code')?.innerText === '`+wire.SpacedID(identity.ID())+`'`)
	keepPictures(t, map[string]*Page{"knock-desk": desk, "knock-phone": phone, "knock-waits": ana})
	phone.Click("Faire entrer: Ana-Maria <b>Fernández</b>")
	ana.Until("she is in", `!!document.querySelector('.chat') && !document.querySelector('.at-door')`)
	phone.Click("Refuser: Bob")
	desk.Until("three are left", `document.querySelectorAll('.knock-list > li').length === 3`)
	if a := ask("Bob"); a.Code() != "WP-TURNED-AWAY" {
		t.Errorf("Bob: %d %s", a.Status, a.Body)
	}
	desk.Click("Let all in")
	desk.Until("nobody waits", `document.querySelector('.knocks').hidden`)
	for _, name := range []string{"Cem", "Dora"} {
		if a := ask(name); a.Status != 200 {
			t.Errorf("%s: %d %s", name, a.Status, a.Body)
		}
	}
	if err := <-in; err != nil {
		t.Errorf("the node: %v", err)
	}
	invitesBack(t, h, desk, phone)
}

// invitesBack sees what invitations are out on two desks, and takes one back.
func invitesBack(t *testing.T, h *House, desk, phone *Page) {
	t.Helper()
	for range 4 {
		Do(t, "POST", h.URL("/api/invites"), h.Boss().Token, map[string]any{"region": "DE", "tiers": []string{"prime"}, "role": "moderator", "uses": 3, "ttl": "168h"})
	}
	h.Invite("FR", party.Guest)
	for name, p := range map[string]*Page{"invites-desk": desk, "invites-phone": phone} {
		p.Click(map[string]string{"invites-desk": "Invite", "invites-phone": "Inviter"}[name])
		p.Until("the list", `document.querySelectorAll('.outstanding > li').length === 5`)
		Eval[any](p, `document.querySelector('.outstanding').scrollIntoView({ block: 'end' })`)
		p.Until("the sheet stands still", `document.getAnimations().every(a => a.playState !== 'running')`)
		keepPictures(t, map[string]*Page{name: p})
	}
	Eval[any](desk, `document.querySelector('.outstanding button').click()`)
	desk.Until("one was taken back", `document.querySelectorAll('.outstanding > li').length === 4`)
}
