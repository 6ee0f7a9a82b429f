package node

import (
	"errors"
	"slices"
	"sync"
	"time"

	"watchparty/media/ffmpeg"
	"watchparty/node/party"
	"watchparty/node/session"
	"watchparty/node/web"
	"watchparty/node/wire"
)

const (
	mishapLasts = 10 * time.Minute // on the desk, since it happened last
	mishapEvery = 2 * time.Second  // one that happens again is told no sooner
	fewAlike    = 3                // of a kind, which are told at once
	mostMishaps = 12
)

// mishaps is what went wrong lately with one guest or one film, each once.
type mishaps struct {
	mu   sync.Mutex
	all  []web.Mishap // the latest first; guarded by mu
	told time.Time    // guarded by mu
}

// note adds one, and says whether to tell the desk: where many happen at once, the first few and then from time to time.
func (m *mishaps) note(kind, who string, now time.Time) (tell bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n, alike := 1, 0
	for _, o := range m.all {
		if o.Kind == kind {
			alike++
		}
	}
	if i := slices.IndexFunc(m.all, func(o web.Mishap) bool { return o.Kind == kind && o.Who == who }); i >= 0 {
		n += m.all[i].N
		m.all = slices.Delete(m.all, i, i+1)
	}
	m.all = slices.Insert(m.all, 0, web.Mishap{Kind: kind, Who: who, N: n, At: now.Truncate(time.Second)})
	m.all = m.all[:min(len(m.all), mostMishaps)]
	if tell = n == 1 && alike < fewAlike || now.Sub(m.told).Abs() >= mishapEvery; tell {
		m.told = now
	}
	return tell
}

// list is those that are not over.
func (m *mishaps) list(now time.Time) []web.Mishap {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.all = slices.DeleteFunc(m.all, func(o web.Mishap) bool { return now.Sub(o.At) > mishapLasts })
	return append([]web.Mishap{}, m.all...)
}

// mishap notes what went wrong and has the desk look.
func (h *Host) mishap(m session.Mishap) {
	if h.mishaps.note(m.Kind, m.Who, h.clock.Now()) {
		h.cfg.Log.Warn("mishap", "kind", m.Kind)
		h.signal(h.house.Current(), wire.Signal{Mishap: &wire.Changed{}}, party.Host)
	}
}

// conversionFailed notes the end of an ffmpeg that was to go on.
func (h *Host) conversionFailed(err error) {
	m := session.Mishap{Kind: session.Converter}
	if errors.Is(err, ffmpeg.ErrFull) {
		m.Kind = session.Disk
	}
	h.mishap(m)
}
