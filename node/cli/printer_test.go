package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"watchparty/node"
)

// TestWelcomeOverHTTPS: who hosts with HTTPS is told where guests have a camera, and what there is to compare.
func TestWelcomeOverHTTPS(t *testing.T) {
	r := node.Ready{Name: "Friday", URLs: []string{"http://10.0.0.5:8470/"}, HTTPS: []string{"https://10.0.0.5:8470/"}, Certificate: "AB:CD"}
	for _, want := range []string{"open https://10.0.0.5:8470 instead", "http://10.0.0.5:8470/trust", "\n  AB:CD\n"} {
		if text := welcome(r, "FR"); !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

// TestPrinterDoesNotWait: a host goes on when nobody reads what it says, and says
// how much is missing once somebody does.
func TestPrinterDoesNotWait(t *testing.T) {
	const late = 100 // lines too many
	for _, c := range []struct {
		json                 bool
		ready, last, missing string
	}{
		{true, `"event":"ready"`, `{"event":"record","n":%d}`, `{"event":"dropped","lines":%d}`},
		{false, "Friday is on.", "line %d", "%d lines are missing here: nobody read them in time."},
	} {
		synctest.Test(t, func(t *testing.T) {
			r, w := io.Pipe()
			p := newPrinter(w, c.json)
			end := p.run()
			tell := func(n int) {
				p.tell(node.Event{Kind: "record", Body: map[string]int{"n": n}, Text: fmt.Sprint("line ", n)})
			}
			for n := range maxWaiting + late {
				tell(n)
			}
			p.ready(node.Ready{Event: "ready", Name: "Friday", URLs: []string{"http://h/"}}, "FR")
			synctest.Wait() // the writer has all that was kept, and nobody reads
			tell(-1)
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				defer w.Close()
				end()
			}()
			var lines []string
			for s := bufio.NewScanner(r); s.Scan(); {
				lines = append(lines, s.Text())
			}
			<-ended
			count := len(lines)
			want := []string{fmt.Sprintf(c.last, maxWaiting-1), fmt.Sprintf(c.missing, late), fmt.Sprintf(c.last, -1)}
			if got := lines[count-3:]; fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("it ends with %q, want %q", got, want)
			}
			if c.json && count != maxWaiting+3 {
				t.Errorf("%d lines", count)
			}
		})
	}
}

// TestPrinterEnds: it is not waited for when nobody reads.
func TestPrinterEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		p := newPrinter(w, true)
		end := p.run()
		p.ready(node.Ready{}, "")
		began := time.Now()
		end()
		if took := time.Since(began); took != lastWords {
			t.Errorf("waited for %v", took)
		}
		r.Close()
	})
}

// TestServeUnread: a host whose stdout nobody reads can be ended.
func TestServeUnread(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	defer r.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() {
		o := serveOptions{as: "Host", data: t.TempDir(), listen: "127.0.0.1:0", region: "FR", cache: "0", log: "error", json: true, noMDNS: true}
		ended <- runServe(ctx, o, streams{out: w, err: io.Discard})
	}()
	if _, err := r.Read(make([]byte, 1)); err != nil { // it is saying that it is ready
		t.Fatal(err)
	}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Error("it does not end")
	}
}

// TestEventsAreObjects: an event's body is beside its kind.
func TestEventsAreObjects(t *testing.T) {
	p := newPrinter(io.Discard, true)
	p.tell(node.Event{Kind: "pin", Body: map[string]string{"pin": "123456"}, Text: "The new one is 123456."})
	var got map[string]string
	if err := json.Unmarshal([]byte(p.queue[0]), &got); err != nil || got["event"] != "pin" || got["pin"] != "123456" {
		t.Errorf("%q, %v", p.queue, err)
	}
}
