package wire

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

// A party that is full, of people with long names who said long lines, still goes into one frame.
func TestFullPartyFitsAFrame(t *testing.T) {
	s := &party.State{ID: "k3", Name: "Friday", Members: map[party.MemberID]party.Member{}}
	long := strings.Repeat("🎬", 27)
	for i := range party.MaxMembers {
		id := party.MemberID(fmt.Sprintf("member-%09d", i))
		s.Members[id] = party.Member{
			ID: id, Name: fmt.Sprintf("%s %d", long, i), Region: "FR", Tiers: []catalog.Membership{{Tier: "subscriber", Until: time.Now()}}, Rating: 18,
			Screens: []party.Screen{{ID: party.ScreenID(id), Kind: "page"}, {ID: party.ScreenID(id), Kind: "node"}},
			Cheered: 1e9, Purse: party.Purse{Bits: 1e9, Ever: 1e9, Months: 12, Until: time.Now().UnixMilli(), Week: 202648}, First: true,
		}
	}
	for i := range 200 {
		s.Messages = append(s.Messages, party.Message{Said: party.Said{Text: strings.Repeat("<", 500), Title: "night-train", Pos: 61.5}, Seq: party.Seq(i), By: "member-000000001"})
	}
	b, err := Marshal(Welcome{V: Version, Party: "k3", Snapshot: s})
	if err != nil || len(b) > MaxToGuest {
		t.Errorf("%d bytes of %d, %v", len(b), MaxToGuest, err)
	}
	t.Logf("%d bytes of %d", len(b), MaxToGuest)
}
