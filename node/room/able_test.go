package room

import (
	"fmt"
	"testing"
	"time"

	"watchparty/node/party"
)

// One member's screens do not keep another's out, and what was said long ago is forgotten.
func TestAble(t *testing.T) {
	r := &Room{able: &able{}}
	now := time.Unix(1, 0)
	say := func(by party.MemberID, screen string, at time.Time) {
		r.able.heard(Signal{By: by, Screen: party.ScreenID(screen), Can: &party.Abilities{Player: "mpv"}}, at)
	}
	for i := range 3 * maxAble {
		say("mallory", fmt.Sprint(i), now)
	}
	say("ann", "sofa", now)
	if all := r.Able(now); len(all) != maxAble+1 || all[0].Member != "ann" || all[0].Player != "mpv" {
		t.Errorf("%d screens, the first %+v", len(all), all[0])
	}
	say("ann", "sofa", now.Add(ableFor))
	if all := r.Able(now.Add(ableFor + 1)); len(all) != 1 || all[0].Member != "ann" {
		t.Errorf("later: %+v", all)
	}
}
