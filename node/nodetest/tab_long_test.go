//go:build long && linux

package nodetest_test

import (
	"testing"

	. "watchparty/node/nodetest"
)

// TestTabIsKilled: whoever a film is converted for is gone without a word, and within half a minute nothing is converted any more.
func TestTabIsKilled(t *testing.T) {
	h := Host(t, shelve(t, library(t, "big.mkv"), shelved{file: "big.mkv"}))
	p := Chromium(t).Open(h.Ready.Invite, Small)
	p.Enter("Your name", "Sofa", "Join")
	p.Until("a piece", `fetch('/media/t/big-mkv/hls/720/3.m4s').then(r => r.ok)`)
	if gauge(h, "conversions_working") == 0 {
		t.Fatal("nothing is converted")
	}
	p.Close()
	eventually(t, "nothing is converted", func() bool { return gauge(h, "conversions_working")+gauge(h, "conversions_waiting") == 0 })
}
