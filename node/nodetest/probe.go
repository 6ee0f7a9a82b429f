package nodetest

import (
	"context"
	"path"
	"strings"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/profiler"
	"github.com/chromedp/chromedp"
)

// call runs a command of the browser's protocol on the page.
func call[P, R any](p *Page, cmd cdp.Command[P, R], params P) R {
	p.Helper()
	ctx, stop := context.WithTimeout(p.ctx, Patience)
	defer stop()
	r, err := chromedp.Call(ctx, cmd, params)
	if err != nil {
		p.Fatalf("%s: %v", cmd.Method, err)
	}
	return r
}

// Slow makes the page's processor that many times slower.
func (p *Page) Slow(times float64) {
	p.Helper()
	call(p, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: times})
}

// Throttle lets the page's network carry that many bytes a second, or as many as it can at 0.
func (p *Page) Throttle(rate float64) {
	p.Helper()
	if rate == 0 {
		rate = -1
	}
	call(p, network.Enable, network.EnableParams{})
	call(p, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{DownloadThroughput: rate, UploadThroughput: -1}}})
}

// FirstByte begins to look for the answer to the page's next request for a film,
// and gives what tells when it came: 0 while it has not.
func (p *Page) FirstByte() func() (ms float64) {
	p.Helper()
	var at atomic.Pointer[float64]
	err := chromedp.Listen(p.ctx, func(ev any) {
		r, ok := ev.(*network.EventResponseReceived)
		if ok && strings.Contains(r.Response.URL, "/media/t/") && strings.Contains(r.Response.URL, "/file") {
			now := Moment()
			at.CompareAndSwap(nil, &now)
		}
	})
	if err != nil {
		p.Fatal(err)
	}
	call(p, network.Enable, network.EnableParams{})
	return func() float64 {
		if ms := at.Load(); ms != nil {
			return *ms
		}
		return 0
	}
}

// Asked begins to count the requests of the page, and of frames of its site, whose address begins so, and gives what tells how many
// there were.
func (p *Page) Asked(begin string) func() int {
	p.Helper()
	var n atomic.Int64
	err := chromedp.Listen(p.ctx, func(ev any) {
		if r, ok := ev.(*network.EventRequestWillBeSent); ok && strings.HasPrefix(r.Request.URL, begin) {
			n.Add(1)
		}
	})
	if err != nil {
		p.Fatal(err)
	}
	call(p, network.Enable, network.EnableParams{})
	return func() int { return int(n.Load()) }
}

// Profile samples what the page's main thread does for a while, and returns for each
// group of script files the share of the time in which one of them was on the stack.
// A moment counts for the first group that it belongs to; "*" takes every file.
func (p *Page) Profile(d time.Duration, groups ...[]string) []float64 {
	p.Helper()
	call(p, profiler.Enable, cdp.Empty{})
	call(p, profiler.SetSamplingInterval, profiler.SetSamplingIntervalParams{Interval: 250})
	call(p, profiler.Start, cdp.Empty{})
	<-time.After(d)
	got := call(p, profiler.Stop, cdp.Empty{}).Profile
	call(p, profiler.Disable, cdp.Empty{})

	belongs := groupsOf(got.Nodes, groups)
	share, whole := make([]float64, len(groups)), 0.0
	for i, id := range got.Samples {
		whole += float64(got.TimeDeltas[i])
		if i+1 == len(got.Samples) { // how long the last one took is not known
			break
		}
		if g, ok := belongs[id]; ok {
			share[g] += float64(got.TimeDeltas[i+1])
		}
	}
	for g := range share {
		share[g] /= whole
	}
	return share
}

// groupsOf says to which group each place in the call tree belongs, if to any.
func groupsOf(nodes []*profiler.ProfileNode, groups [][]string) map[int64]int {
	byID, parent := map[int64]*profiler.ProfileNode{}, map[int64]int64{}
	for _, n := range nodes {
		byID[n.ID] = n
		for _, c := range n.Children {
			parent[c] = n.ID
		}
	}
	belongs := map[int64]int{}
	for _, n := range nodes {
		best := len(groups)
		for id := n.ID; byID[id] != nil; id = parent[id] {
			file := byID[id].CallFrame.URL
			for g := range best {
				if file != "" && contains(groups[g], path.Base(file)) {
					best = g
					break
				}
			}
		}
		if best < len(groups) {
			belongs[n.ID] = best
		}
	}
	return belongs
}

func contains(files []string, name string) bool {
	for _, f := range files {
		if f == name || f == "*" {
			return true
		}
	}
	return false
}
