//go:build long && linux

package nodetest_test

import (
	"testing"

	. "watchparty/node/nodetest"
)

// TestTabIsKilled: whoever a film is converted for is gone without a word, and within half a minute nothing is converted any more.
func TestTabIsKilled(t *testing.T) {
	h := Host(t, shelve(t, library(t, "long.mkv"), shelved{file: "long.mkv"}))
	p := Chromium(t).Open(h.Ready.Invite, Small)
	p.Enter("Your name", "Sofa", "Join")
	p.Until("a piece", `fetch('/media/t/long-mkv/hls/720/3.m4s').then(r => r.ok)`)
	eventually(t, "what comes next is converted", func() bool { return gauge(h, "conversions_working") > 0 })
	p.Close()
	eventually(t, "nothing is converted", func() bool { return gauge(h, "conversions_working")+gauge(h, "conversions_waiting") == 0 })
}
