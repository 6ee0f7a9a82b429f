package cli

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"watchparty/node/party"
	"watchparty/node/wire"
)

// TestLongWish: a line that is too long is refused, and the next one is read.
func TestLongWish(t *testing.T) {
	long := func(n int) string { return `{"nonce":"` + strings.Repeat("x", n) }
	in := strings.Join([]string{
		`{"nonce":"1","pause":{}}`, long(wire.MaxToHost), "", long(5 * wire.MaxToHost), `{"nonce":"2","pause":{}}`, "what?", `{"nonce":"3","play":{}}`,
	}, "\n")
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		ctx, stop := context.WithCancel(t.Context())
		out := newLineWriter(ctx, w)
		end := out.run()
		var wished []party.Nonce
		go func() {
			defer w.Close()
			readLines(ctx, func(line []byte) map[string]any {
				return answerTo(line, func(w party.Wish) error {
					wished = append(wished, w.Nonce)
					return nil
				})
			}, strings.NewReader(in), out)
			synctest.Wait()
		}()
		said, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		const tooLong = `{"code":"WP-BAD","event":"refused","nonce":"","reason":"That line is too long."}` + "\n"
		want := `{"event":"ok","nonce":"1"}` + "\n" + tooLong + tooLong + `{"event":"ok","nonce":"2"}` + "\n" +
			`{"code":"WP-BAD","event":"refused","nonce":"","reason":"That line is no wish: send one JSON object a line."}` + "\n" +
			`{"event":"ok","nonce":"3"}` + "\n"
		if string(said) != want || len(wished) != 3 {
			t.Errorf("wishes %q, answers\n%swant\n%s", wished, said, want)
		}
		stop()
		end()
	})
}

// TestLinesEnd: a bot's node waits for the bot to read, and ends all the same.
func TestLinesEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		ctx, stop := context.WithCancel(t.Context())
		out := newLineWriter(ctx, w)
		end := out.run()
		written := make(chan struct{})
		go func() {
			defer close(written)
			for range 3 {
				out.line([]byte("{}"))
			}
		}()
		<-time.After(time.Hour)
		select {
		case <-written:
			t.Error("lines were taken that nobody reads")
		default:
		}
		began := time.Now()
		stop()
		<-written
		end()
		if took := time.Since(began); took != lastWords {
			t.Errorf("it ended after %v", took)
		}
		r.Close()
	})
}
