//go:build linux && long

package nodetest_test

import (
	"bytes"
	"testing"
	"time"

	"watchparty/node/party"
)

// TestPartitionOverTCP: a node that was cut off for half a minute is back in three seconds, over TCP too, with every
// line once. Where UDP comes through again by then, it takes UDP.
func TestPartitionOverTCP(t *testing.T) {
	tools(t, "ip", "iptables")
	ns := lan(t, 3)
	ready := serve(t, ns[0], "Friday", t.TempDir()).ready()
	noUDP(t, "-A", ns[1])
	bob, cleo := join(t, ns[1], "Bob", ready.Invite), join(t, ns[2], "Cleo", ready.Invite)
	byTCP := func(l line) bool { return l.Event == "roads" && bytes.Contains(l.text, []byte(`"control":"tcp"`)) }
	bob.first("word of the road", byTCP)
	for i, healed := range []bool{false, true} {
		mark := bob.mark()
		command(t, "ip netns exec "+ns[1]+" ip link set eth0 down")
		<-time.After(30 * time.Second)
		cleo.must(party.Nonce([]string{"c0", "c1"}[i]), "say", party.Say{Text: []string{"meanwhile", "again"}[i]})
		if healed {
			noUDP(t, "-D", ns[1])
		}
		command(t, "ip netns exec "+ns[1]+" ip link set eth0 up")
		began := time.Now()
		bob.logged("connection to the host ended", mark)
		bob.first("what was said meanwhile", func(l line) bool { return l.Said != nil && l.Said.Text == []string{"meanwhile", "again"}[i] })
		t.Logf("back after %v", time.Since(began).Round(time.Millisecond))
	}
	bob.first("UDP again", func(l line) bool { return l.Event == "roads" && bytes.Contains(l.text, []byte(`"control":"quic"`)) })
	n := 0
	for _, l := range bob.printed() {
		if l.Said != nil {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d lines arrived, want two", n)
	}
}
