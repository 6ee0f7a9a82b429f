package nodetest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// fanoutChild makes the test's own program a chat that hands lines out as Owncast does (core/chat/server.go and chatclient.go
// of 2023): a line is encoded once and put, under one lock, into a channel of 256 for each client; a goroutine each writes
// them, with ten seconds for a write; who has no room left is put out. Queued lines go as one message. Another goroutine each
// reads. There is nothing else in it: no passes, no limits, no log, nothing on disk, nobody told who comes and goes.
const fanoutChild = "WATCHPARTY_FANOUT"

const (
	fanoutQueue = 256
	fanoutWrite = 10 * time.Second
)

type fanout struct {
	mu    sync.Mutex // guards seats
	seats map[*websocket.Conn]chan []byte
}

// beFanout serves until it is killed, and says where on its stdout.
func beFanout() int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 1
	}
	fmt.Println(l.Addr())
	f := &fanout{seats: map[*websocket.Conn]chan []byte{}}
	if err := http.Serve(l, f); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return 1
}

func (f *fanout) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionDisabled})
	if err != nil {
		return
	}
	queue := make(chan []byte, fanoutQueue)
	f.mu.Lock()
	f.seats[ws] = queue
	f.mu.Unlock()
	go write(ws, queue)
	for {
		_, b, err := ws.Read(context.Background())
		if err != nil {
			break
		}
		var said struct {
			Wish struct{ Say struct{ Text string } }
		}
		if json.Unmarshal(b, &said) == nil && said.Wish.Say.Text != "" {
			f.say(said.Wish.Say.Text)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.leave(ws)
}

func (f *fanout) leave(ws *websocket.Conn) {
	if queue, ok := f.seats[ws]; ok {
		delete(f.seats, ws)
		close(queue)
		go ws.CloseNow()
	}
}

func (f *fanout) say(text string) {
	line, err := json.Marshal(map[string]any{"type": "CHAT", "id": time.Now().UnixNano(), "timestamp": time.Now(), "user": map[string]string{"displayName": "Somebody"}, "text": text})
	if err != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for ws, queue := range f.seats {
		select {
		case queue <- line:
		default:
			f.leave(ws)
		}
	}
}

func write(ws *websocket.Conn, queue <-chan []byte) {
	for line := range queue {
		for range len(queue) {
			line = append(append(line[:len(line):len(line)], '\n'), <-queue...)
		}
		ctx, stop := context.WithTimeout(context.Background(), fanoutWrite)
		err := ws.Write(ctx, websocket.MessageText, line)
		stop()
		if err != nil {
			ws.CloseNow()
			return
		}
	}
}
