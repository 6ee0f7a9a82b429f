package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"

	"watchparty/node/party"
	"watchparty/node/wire"
)

// lineWriter writes one JSON object a line, from any goroutine. It loses nothing:
// who writes waits for who reads, until ctx ends.
type lineWriter struct {
	w     io.Writer
	lines chan []byte
	done  <-chan struct{} // of ctx
}

func newLineWriter(ctx context.Context, w io.Writer) *lineWriter {
	return &lineWriter{w, make(chan []byte), ctx.Done()}
}

// run writes lines in a goroutine until ctx ends. It returns what waits for the
// last one, but not for long.
func (l *lineWriter) run() (end func()) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case b := <-l.lines:
				l.w.Write(b) // if that fails, there is nobody to tell
			case <-l.done:
				return
			}
		}
	}()
	return func() { waitFor(ended) }
}

func (l *lineWriter) object(v any) {
	if b, err := json.Marshal(v); err == nil {
		l.line(b)
	}
}

func (l *lineWriter) line(b []byte) {
	select {
	case l.lines <- append(bytes.Clone(b), '\n'):
	case <-l.done:
	}
}

// readLines answers each line of a program's: as a rule it is a wish, and answered
// when that is decided. They are read in their order, one at a time.
func readLines(ctx context.Context, answerTo func([]byte) map[string]any, in io.Reader, out *lineWriter) {
	lines := bufio.NewReaderSize(in, wire.MaxToHost)
	for {
		line, err := lines.ReadSlice('\n')
		var answer map[string]any
		if errors.Is(err, bufio.ErrBufferFull) {
			for errors.Is(err, bufio.ErrBufferFull) {
				_, err = lines.ReadSlice('\n')
			}
			answer = wishAnswer("", &party.Refusal{Code: "WP-BAD", Reason: "That line is too long."})
		} else if line = bytes.TrimSpace(line); len(line) > 0 {
			answer = answerTo(line)
		}
		if ctx.Err() != nil {
			return
		}
		if answer != nil {
			out.object(answer)
		}
		if err != nil {
			return
		}
	}
}

func answerTo(line []byte, wish func(party.Wish) error) map[string]any {
	var w party.Wish
	err := json.Unmarshal(line, &w)
	if err == nil {
		err = wish(w)
	}
	return wishAnswer(w.Nonce, err)
}

func wishAnswer(n party.Nonce, err error) map[string]any {
	var r *party.Refusal
	switch {
	case err == nil:
		return map[string]any{"event": "ok", "nonce": n}
	case errors.As(err, &r):
		return map[string]any{"event": "refused", "nonce": n, "code": r.Code, "reason": r.Reason}
	}
	return map[string]any{"event": "refused", "nonce": n, "code": "WP-BAD", "reason": "That line is no wish: send one JSON object a line."}
}
