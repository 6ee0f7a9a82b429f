package wire

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

func TestWebSocketOrigin(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := AcceptWebSocket(w, r, Timeouts{}); err == nil {
			c.Close(Bye{})
		}
	}))
	defer srv.Close()
	for origin, want := range map[string]int{
		srv.URL:                101,
		"":                     101, // no browser
		"http://evil.example":  403,
		"null":                 403,
		srv.URL + ".evil.test": 403,
	} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		ws, resp, err := websocket.Dial(within(t), srv.URL, &websocket.DialOptions{HTTPHeader: header})
		if err == nil {
			ws.Read(within(t)) // until the host's end
			ws.CloseNow()
		}
		if resp == nil || resp.StatusCode != want {
			t.Errorf("origin %q: %v, %v; want %d", origin, resp, err, want)
		}
	}
}

// A page that sends too much, or something else than text, is told so.
func TestWebSocketLimits(t *testing.T) {
	for _, c := range []struct {
		name string
		kind websocket.MessageType
		size int
	}{
		{"too long", websocket.MessageText, MaxToHost + 1},
		{"far too long", websocket.MessageText, 4 << 20},
		{"binary", websocket.MessageBinary, 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h, g := webSocketPair(t, Timeouts{})
			defer g.Close(Bye{})
			go g.(*webSocket).ws.Write(within(t), c.kind, []byte(strings.Repeat("x", c.size)))
			_, err := h.Read(within(t))
			if _, ok := errors.AsType[*ProtoError](err); !ok {
				t.Fatal(err)
			}
			go h.Close(ByeFor(err))
			if f, err := g.Read(within(t)); err != nil || f.(Bye).Code != ByeProto {
				t.Errorf("%#v, %v", f, err)
			}
		})
	}
}

func TestWebSocketIdle(t *testing.T) {
	h, g := webSocketPair(t, Timeouts{Idle: 100 * time.Millisecond})
	defer g.Close(Bye{})
	if f, err := h.Read(within(t)); !errors.Is(err, ErrGone) {
		t.Errorf("%#v, %v", f, err)
	}
	h.Close(Bye{})
}

// A page that answers nothing does not hold up its host's end.
func TestWebSocketCloseDoesNotWait(t *testing.T) {
	h, g := webSocketPair(t, Timeouts{})
	began := time.Now()
	h.Close(Goodbye(ByeRemoved)) // g never reads
	if waited := time.Since(began); waited > 2*lingerTimeout {
		t.Errorf("took %v", waited)
	}
	g.Close(Bye{})
}

// The status tells a page's author the same as the bye.
func TestWebSocketStatus(t *testing.T) {
	for code, want := range map[string]websocket.StatusCode{
		ByeEnded: 1000, ByeProto: 1008, ByeRemoved: 1008, ByeClosing: 1013, ByeFull: 1013, "": 1000, "WP-NEW": 1008,
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if c, err := AcceptWebSocket(w, r, Timeouts{}); err == nil {
				c.Close(Bye{Code: code})
			}
		}))
		ws, _, err := websocket.Dial(within(t), srv.URL, nil)
		for err == nil {
			_, _, err = ws.Read(within(t))
		}
		if got := websocket.CloseStatus(err); got != want {
			t.Errorf("%q: closed with %d, want %d", code, got, want)
		}
		srv.Close()
	}
}

// What is written at once comes as the same frames in the same order, between those that are written one by one.
func TestWriteAll(t *testing.T) {
	h, g := webSocketPair(t, Timeouts{})
	defer g.Close(Bye{})
	var want []string
	go func() {
		for i, n := range []int{1, 3, 0, 200, 1} {
			var frames [][]byte
			for j := range n {
				frames = append(frames, []byte(fmt.Sprintf(`{"later%d.%d":"%s"}`, i, j, strings.Repeat("x", 997*j%5000))))
			}
			if err := WriteAll(within(t), h, frames...); err != nil {
				t.Error(err)
			}
		}
		h.Close(Goodbye(ByeEnded))
	}()
	for i, n := range []int{1, 3, 0, 200, 1} {
		for j := range n {
			want = append(want, fmt.Sprintf("later%d.%d", i, j))
		}
	}
	for _, kind := range want {
		f, err := g.Read(within(t))
		if got, ok := f.(Unknown); err != nil || !ok || got.Kind != kind {
			t.Fatalf("%#.60v, %v; want %s", f, err, kind)
		}
	}
	if f, err := g.Read(within(t)); err != nil || f.(Bye).Code != ByeEnded {
		t.Errorf("%#v, %v", f, err)
	}
}

// Who does not read is given up, however much goes out at once; and who is told to stop gets a bye.
func TestWriteAllSlow(t *testing.T) {
	h, g := webSocketPair(t, Timeouts{Write: 300 * time.Millisecond})
	frame := []byte(`{"later":"` + strings.Repeat("x", 100<<10) + `"}`)
	var err error
	for err == nil {
		err = WriteAll(within(t), h, frame, frame, frame, frame)
	}
	if !errors.Is(err, ErrSlow) {
		t.Errorf("%v, want ErrSlow", err)
	}
	h.Close(Goodbye(ByeSlow))
	g.Close(Bye{})
}
