package node

import (
	"context"
	"slices"
	"time"

	"watchparty/media/live"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// A sending is one face on its way to another node, in one of the sizes there are.
type sending struct {
	face   wire.Face
	wanted bool
	size   int // that is sent; -1: none yet
	aim    int // that will be, from its next whole picture on
	came   [live.Sizes]time.Time
	fell   time.Time // when the way was bad last; zero: never
}

// A way is bad when more than these parts of a hundred of the packets are lost on it, or too late to be sent. After
// a fall the next size is tried when it was good for a while.
const (
	badLoss  = 5
	badLate  = 2
	fewest   = 20 // packets between two looks, of which losses say something
	goodTime = 10 * time.Second
)

// passes says whether a packet goes to the other node.
func (s *sending) passes(p live.Packet, now time.Time) bool {
	if !s.wanted || !p.Video {
		return s.wanted
	}
	size := int(p.Size)
	s.came[size] = now
	if size > s.aim && s.fell.IsZero() {
		s.aim = size
	}
	if size == s.aim && p.Whole {
		s.size = size
	}
	return size == s.size
}

// suit chooses the size that the way takes, and says whether it is another one.
func (s *sending) suit(bad bool, now time.Time) bool {
	if s.aim < 0 {
		return false
	}
	lower, higher, there := -1, -1, false
	for size, at := range s.came {
		switch {
		case now.Sub(at) > time.Second: // the camera does not send it now
		case size < s.aim:
			lower = size
		case size == s.aim:
			there = true
		case higher < 0:
			higher = size
		}
	}
	if bad {
		s.fell = now
	}
	before := s.aim
	switch {
	case (bad || !there) && lower >= 0:
		s.aim = lower
	case higher >= 0 && (!there || !bad && now.Sub(s.fell) > goodTime):
		s.aim = higher
	}
	return s.aim != before
}

// offer sets what this node sends.
func (g *passage) offer(faces []wire.Face) {
	g.mu.Lock()
	defer g.mu.Unlock()
	sent := map[party.MemberID]*sending{}
	for _, face := range faces {
		if sent[face.Member] = g.sent[face.Member]; sent[face.Member] == nil || sent[face.Member].face.Number != face.Number {
			sent[face.Member] = &sending{face: face, wanted: g.all, size: -1, aim: -1}
		}
	}
	g.sent, g.stale = sent, true
	g.nudge()
}

// wanted notes which of the faces the other wants.
func (g *passage) wanted(numbers []uint16) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sent {
		s.wanted = g.all || slices.Contains(numbers, s.face.Number)
	}
}

// sends gives whose face is sent under a number.
func (g *passage) sends(number uint16) (party.MemberID, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for member, s := range g.sent {
		if s.face.Number == number {
			return member, true
		}
	}
	return "", false
}

// carry sends a packet of this node's stage, if the other wants it. It does not wait.
func (g *passage) carry(p live.Packet) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s := g.sent[party.MemberID(p.Face)]; s != nil && s.passes(p, time.Now()) {
		g.post.Send(wire.Packet{Face: s.face.Number, Video: p.Video, Size: p.Size, RTP: p.RTP})
	}
}

// look watches over the way and the other's right to be there.
func (g *passage) look(ctx context.Context) error {
	tick := time.NewTicker(betweenLooks)
	defer tick.Stop()
	before, late := g.st.Peer().Stats(), g.post.Dropped()
	for {
		var now time.Time
		select {
		case now = <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		if g.here != nil && !g.here() {
			return errNotHere
		}
		s, dropped := g.st.Peer().Stats(), g.post.Dropped()
		sent, lost := int64(s.PacketsSent-before.PacketsSent), int64(s.PacketsLost-before.PacketsLost) // may go back
		bad := sent >= fewest && lost*100 > sent*badLoss || int64(dropped-late)*100 > (sent+int64(dropped-late))*badLate
		before, late = s, dropped
		for _, face := range g.suit(bad, now) {
			g.stage.Want(ctx, string(face))
		}
	}
}

func (g *passage) suit(bad bool, now time.Time) (changed []party.MemberID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for member, s := range g.sent {
		if s.suit(bad, now) {
			changed = append(changed, member)
		}
	}
	return changed
}
