package nodetest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"
)

// MPV reads the position of an mpv twenty times a second, by its IPC socket, beside
// whoever drives it.
type MPV struct {
	conn  net.Conn
	ended chan struct{}

	mu      sync.Mutex
	samples []Sample // what nobody takes is bounded by how long a test lasts
}

// mpvSlow is the longest, in ms, that half an answer may take for its position to
// be believed.
const mpvSlow = 5

// asked is what one reading asks for. The sound's position is continuous while the
// picture's moves by frames; paused, only the picture's is right.
var asked = []string{"audio-pts", "time-pos", "pause", "seeking"}

// WatchMPV begins to read, once there is a socket. It ends with the test.
func WatchMPV(t testing.TB, socket string) *MPV {
	t.Helper()
	m := &MPV{ended: make(chan struct{})}
	deadline := time.After(Patience)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for m.conn == nil {
		c, err := net.Dial("unix", socket)
		if err == nil {
			m.conn = c
			break
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("no mpv: %v", err)
		}
	}
	go m.read()
	t.Cleanup(m.Close)
	return m
}

// Close ends the reading.
func (m *MPV) Close() {
	m.conn.Close()
	<-m.ended
}

// Take adds what was read since the last time.
func (m *MPV) Take(into *Track) {
	m.mu.Lock()
	defer m.mu.Unlock()
	into.Samples, m.samples = append(into.Samples, m.samples...), nil
}

// Playing tells whether the last reading found a film that moves.
func (m *MPV) Playing() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.samples) > 0 && m.samples[len(m.samples)-1].Playing
}

func (m *MPV) read() {
	defer close(m.ended)
	lines := bufio.NewScanner(m.conn)
	lines.Buffer(nil, 1<<20)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		s, ok, err := m.ask(lines)
		if err != nil {
			return
		}
		if ok {
			m.mu.Lock()
			m.samples = append(m.samples, s)
			m.mu.Unlock()
		}
	}
}

// ask asks for everything at once. The answers come in order, so the first one's
// time and the question's bracket the moment of the position.
func (m *MPV) ask(lines *bufio.Scanner) (s Sample, ok bool, err error) {
	question := ""
	for i, name := range asked {
		question += fmt.Sprintf(`{"command":["get_property",%q],"request_id":%d}`+"\n", name, i+1)
	}
	sent, first := Moment(), 0.0
	if _, err := m.conn.Write([]byte(question)); err != nil {
		return s, false, err
	}
	var sound, picture *float64
	var paused, seeking bool
	for got := 0; got < len(asked); {
		if !lines.Scan() {
			return s, false, net.ErrClosed
		}
		var a struct {
			ID   int             `json:"request_id"`
			Err  string          `json:"error"`
			Data json.RawMessage `json:"data"`
		}
		if json.Unmarshal(lines.Bytes(), &a) != nil || a.Err == "" || a.ID == 0 {
			continue // an event
		}
		if got++; got == 1 {
			first = Moment()
		}
		into := []any{&sound, &picture, &paused, &seeking}[a.ID-1]
		if a.Err == "success" {
			json.Unmarshal(a.Data, into)
		}
	}
	half := (first - sent) / 2
	switch {
	case half > mpvSlow || picture == nil:
		return s, false, nil
	case paused || seeking || sound == nil:
		return Sample{At: sent + half, Pos: *picture, Still: paused && !seeking}, true, nil
	}
	return Sample{At: sent + half, Pos: *sound, Playing: true}, true, nil
}
