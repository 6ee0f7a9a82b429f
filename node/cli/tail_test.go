package cli

import "sync"

// A tail keeps what a process writes and tells of news.
type tail struct{ *tailed }

type tailed struct {
	mu   sync.Mutex
	all  []byte
	news chan struct{} // closed at the next write
}

func newTail() tail { return tail{&tailed{news: make(chan struct{})}} }

// Write implements io.Writer.
func (t tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, b...)
	close(t.news)
	t.news = make(chan struct{})
	return len(b), nil
}

// since is what was written after the first n bytes, and a channel that is closed
// when there is more.
func (t tail) since(n int) (string, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.all[n:]), t.news
}

func (t tail) text() string {
	text, _ := t.since(0)
	return text
}
