package player

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// fake is the other end of a connection: an mpv of which each answer is the test's.
type fake struct {
	net.Conn
	asked chan asked // what came, in order
}

type asked struct {
	Command json.RawMessage `json:"command"`
	ID      int64           `json:"request_id"`
}

// dialogue runs a scene between our end and a fake one, in simulated time.
func dialogue(t *testing.T, scene func(t *testing.T, c *ipc, f *fake)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ours, theirs := net.Pipe()
		f := &fake{theirs, make(chan asked, 100)}
		go func() {
			defer close(f.asked)
			for lines := bufio.NewScanner(theirs); lines.Scan(); {
				var a asked
				if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
					t.Errorf("said %q", lines.Bytes())
				}
				f.asked <- a
			}
		}()
		c := newIPC(ours)
		scene(t, c, f)
		theirs.Close()
		c.close()
	})
}

func (f *fake) say(lines ...string) {
	for _, l := range lines {
		f.Write([]byte(l + "\n"))
	}
}

func (f *fake) answer(data string) {
	a := <-f.asked
	f.say(fmt.Sprintf(`{"request_id":%d,"error":"success","data":%s}`, a.ID, data))
}

// TestAnswers: each answer reaches who asked, whatever else is said meanwhile.
func TestAnswers(t *testing.T) {
	dialogue(t, func(t *testing.T, c *ipc, f *fake) {
		go func() {
			a := <-f.asked
			f.say("garbage", "", "[1,2]", `{"event":`, `"x"`, "null", `{"event":"seek"}`, `{"request_id":9999,"error":"success"}`,
				`{"request_id":"no number"}`, strings.Repeat("x", 3*maxLine), `{"event":"`+strings.Repeat("y", maxLine)+`"}`,
				fmt.Sprintf(`{"request_id":%d,"error":"success","data":1.5}`, a.ID))
		}()
		m, _, err := c.call([]any{"get_property", "audio-pts"})
		if err != nil || string(m.Data) != "1.5" {
			t.Errorf("answer %s, %v", m.Data, err)
		}
		if e := <-c.events; e.Event != "seek" {
			t.Errorf("event %+v", e)
		}
		if len(c.events) > 0 {
			t.Errorf("%d more events: %+v", len(c.events), <-c.events)
		}
	})
}

// TestNo: that a property is missing is an answer; that none comes is not.
func TestNo(t *testing.T) {
	dialogue(t, func(t *testing.T, c *ipc, f *fake) {
		m := &mpv{ipc: c, aim: 7}
		go func() {
			a := <-f.asked
			f.say(fmt.Sprintf(`{"request_id":%d,"error":"property unavailable"}`, a.ID))
		}()
		if pos, err := m.Frame(); err != nil || pos != 7 {
			t.Errorf("frame %v, %v", pos, err)
		}
		began := time.Now()
		if _, err := m.Frame(); !errors.Is(err, errDeaf) || time.Since(began) != answerTime {
			t.Errorf("without an answer: %v after %v", err, time.Since(began))
		}
		late := <-f.asked
		go f.say(fmt.Sprintf(`{"request_id":%d,"error":"success","data":1}`, late.ID))
		go f.answer("2")
		synctest.Wait()
		if pos, err := m.Frame(); err != nil || pos != 2 {
			t.Errorf("a late answer was taken for the next: %v, %v", pos, err)
		}
	})
}

// TestGone: who waits learns that mpv has ended.
func TestGone(t *testing.T) {
	dialogue(t, func(t *testing.T, c *ipc, f *fake) {
		go func() {
			<-f.asked
			f.Close()
		}()
		if _, _, err := c.call([]any{"x"}); !errors.Is(err, errGone) {
			t.Errorf("got %v", err)
		}
		if _, _, err := c.call([]any{"x"}); !errors.Is(err, errGone) {
			t.Errorf("then %v", err)
		}
	})
}

// TestTooManyEvents: an mpv that talks without end is given up, not kept in memory.
func TestTooManyEvents(t *testing.T) {
	dialogue(t, func(t *testing.T, c *ipc, f *fake) {
		for range maxEvents + 1 {
			f.say(`{"event":"seek"}`)
		}
		<-c.done
	})
}

// TestOurDoing: what we cause is told from what a person does.
func TestOurDoing(t *testing.T) {
	dialogue(t, func(t *testing.T, c *ipc, f *fake) {
		m := &mpv{ipc: c, paused: true, asked: true, speed: 1, length: 60}
		hear := func(line string, want any) {
			t.Helper()
			e, err := parse([]byte(line))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := m.hear(e); err != nil || got != want {
				t.Errorf("%s means %#v, %v, want %#v", line, got, err, want)
			}
		}
		hear(`{"event":"property-change","name":"pause","data":true}`, nil)
		pause := func(on bool) string { return fmt.Sprintf(`{"event":"property-change","name":"pause","data":%v}`, on) }
		go f.answer("null")
		m.Pause(false)
		hear(pause(true), nil) // the value from before
		hear(pause(false), nil)
		hear(pause(true), touched{true}) // however soon
		hear(pause(true), nil)
		hear(pause(false), touched{false})

		go f.answer("null")
		m.Seek(20)
		hear(`{"event":"seek"}`, nil)
		go f.answer("20.04")
		hear(`{"event":"playback-restart"}`, landed{})
		hear(`{"event":"seek"}`, moving{})
		go f.answer("33.5")
		hear(`{"event":"playback-restart"}`, moved{33.5})
		go f.answer("null")
		m.Seek(20)
		hear(`{"event":"seek"}`, nil) // and a person's on top of it
		go f.answer("25.5")
		hear(`{"event":"playback-restart"}`, moved{25.5})
		hear(`{"event":"playback-restart"}`, nil) // of another track

		go f.answer("null")
		hear(`{"event":"property-change","name":"speed","data":1.1}`, nil)
		synctest.Wait()
		hear(`{"event":"property-change","name":"speed","data":1}`, nil)
		hear(`{"event":"property-change","name":"paused-for-cache","data":true}`, starved{true})
		hear(`{"event":"property-change","name":"paused-for-cache"}`, starved{false})
		hear(`{"event":"property-change","name":"eof-reached","data":true}`, ended{})
		hear(`{"event":"end-file","reason":"error","file_error":"loading failed"}`, failed{"loading failed"})
		hear(`{"event":"end-file","reason":"stop"}`, nil)
		hear(`{"event":"something-new"}`, nil)
	})
}

// TestOverlays: what is written over the film is what was said, for a while, and
// nobody's text is more than text.
func TestOverlays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		on := map[any]string{}
		o := newOSD(func(c any) error {
			m := c.(map[string]any)
			on[m["id"]] = m["data"].(string)
			return nil
		})
		o.say(`{\b9}Sofa`, "a\\N{\\pos(0,0)}\nb"+strings.Repeat("ü", 200))
		got := on[chatOverlay]
		if !strings.HasPrefix(got, `{\an1`) || strings.Contains(strings.SplitN(got, "}", 2)[1], `}{\pos`) || strings.Contains(got, "\n") {
			t.Errorf("shown as %q", got)
		}
		text := strings.NewReplacer(`{\b1}`, "", `{\b0}`, "").Replace(strings.SplitN(got, "}", 2)[1])
		for i, r := range text {
			if (r == '{' || r == '}') && (i == 0 || text[i-1] != '\\') {
				t.Errorf("a bare %q in %q", r, text)
			}
		}
		if strings.Contains(text, `\N`) {
			t.Errorf("a line of one's own in %q", text)
		}
		for i := range 2 * maxLines {
			o.say("Den", fmt.Sprint("line ", i))
		}
		if n := strings.Count(on[chatOverlay], "Den"); n != maxLines {
			t.Errorf("%d lines at once", n)
		}
		o.wait([]string{"Sofa", "Den"})
		o.tell("Only the host may drive.")
		o.keep("Not in your region.")
		if n := on[noticeOverlay]; !strings.Contains(n, `Not in your region.\NWaiting for Sofa, Den\NOnly`) {
			t.Errorf("notices %q", n)
		}
		for !o.due().IsZero() {
			time.Sleep(time.Until(o.due()))
			o.draw()
		}
		if on[chatOverlay] != "" || !strings.HasSuffix(on[noticeOverlay], "Not in your region.") {
			t.Errorf("left over: %q", on)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"request_id":1,"error":"success","data":null}`, `{"event":"seek"}`, "", "x", `{"event":"property-change","name":"sid","data":false}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		m, err := parse(line)
		if err != nil {
			return
		}
		p := &mpv{ipc: nil, speed: 1, paused: true, asked: true}
		if m.Event == "playback-restart" || m.Name == "speed" { // these ask mpv
			return
		}
		p.hear(m)
	})
}
