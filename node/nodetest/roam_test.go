package nodetest_test

import (
	"testing"

	. "watchparty/node/nodetest"
)

// TestComesBack: a page whose device went to another network says which screen it was, so that nobody waits for that one until the house notices. It is only
// one's own screens that one may say that of.
func TestComesBack(t *testing.T) {
	h := Host(t)
	boss, old, other := h.Boss(), h.Guest("Sofa"), h.Guest("Den")
	screens := func(p *Person) int { return len(boss.StateNow().Members[p.Member].Screens) }
	again := &Person{TB: t, House: h, Token: old.Token, Member: old.Member, Was: old.Screen}
	again.Sit()
	boss.Until("it is one screen again", func() bool {
		return screens(old) == 1 && boss.StateNow().Members[old.Member].Screens[0].ID == again.Screen
	})
	if code := old.Gone(); code != "gone" {
		t.Errorf("the old connection ends with %q", code)
	}
	more := &Person{TB: t, House: h, Token: old.Token, Member: old.Member, Was: other.Screen}
	more.Sit()
	boss.Until("it is a second screen", func() bool { return screens(old) == 2 })
	other.Say("still here")
	again.Saw("still here")
	if n := len(boss.State().Members[other.Member].Screens); n != 1 {
		t.Errorf("the other has %d screens", n)
	}
}
