package wire

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"watchparty/node/party"
)

// examples has each kind once, as docs/protocol.md writes it.
var examples = []struct {
	text  string
	frame Frame
}{
	{`{"hello":{"v":1,"token":"t","screen":"page","lang":"fr","party":"k3","seq":412}}`,
		Hello{V: 1, Token: "t", Screen: "page", Lang: "fr", Party: "k3", Seq: 412}},
	{`{"welcome":{"v":1,"party":"k3","name":"Friday","member":"q7","screen":"s4","time":1763843200123,"host":"a1"}}`,
		Welcome{V: 1, Party: "k3", Name: "Friday", Member: "q7", Screen: "s4", Time: 1763843200123, Host: "a1"}},
	{`{"wish":{"nonce":"7f","say":{"text":"hello"}}}`,
		Wish{Wish: party.Wish{Nonce: "7f", Command: party.Say{Text: "hello"}}}},
	{`{"ok":{"nonce":"7f","seq":413}}`, OK{Nonce: "7f", Seq: 413}},
	{`{"refused":{"nonce":"7f","code":"WP-MUTED","reason":"You are muted."}}`,
		Refused{Nonce: "7f", Code: "WP-MUTED", Reason: "You are muted."}},
	{`{"ping":{"id":12}}`, Ping{ID: 12}},
	{`{"pong":{"id":12,"time":1763843200123.417}}`, Pong{ID: 12, Time: 1763843200123.417}},
	{`{"signal":{"by":"q7","screen":"s4","drift":{"ms":-1.4,"state":"playing"}}}`,
		Signal{By: "q7", Screen: "s4", Drift: &party.Report{MS: -1.4, State: party.Playing}}},
	{`{"signal":{"drift":{"ms":0,"state":"paused","title":"open","pos":61.5,"need":95}}}`,
		Signal{Drift: &party.Report{State: party.Paused, Title: "open", Pos: 61.5, Need: 95}}},
	{`{"signal":{"by":"q7","screen":"s4","react":{"with":"🎬"}}}`,
		Signal{By: "q7", Screen: "s4", React: &React{"🎬"}}},
	{`{"signal":{"by":"q7","screen":"s4","delay":{"face":"a1","ms":41,"sends":true}}}`,
		Signal{By: "q7", Screen: "s4", Delay: &Delay{"a1", 41, true}}},
	{`{"signal":{"waiting":{"for":[{"member":"q7","screen":"s4","why":"network","since":5}],"until":9,"ready":2}}}`,
		Signal{Waiting: &Waiting{[]party.Waited{{Member: "q7", Screen: "s4", Why: party.WhyNetwork, Since: 5}}, 9, 2}}},
	{`{"record":{"seq":1,"at":2,"said":{"text":"<hi>"}}}`, Record(`{"seq":1,"at":2,"said":{"text":"<hi>"}}`)},
	{`{"bye":{"code":"WP-ENDED","reason":"The party is over.","again":false}}`, Goodbye(ByeEnded)},
	{`{"join":{"name":"Sofa","secret":"s"}}`, Join{Name: "Sofa", Secret: "s"}},
	{`{"joined":{"token":"t","member":"q7","name":"Sofa","role":"guest","region":"FR","tiers":["prime"],"party":"k3"}}`,
		Joined{"t", "q7", "Sofa", party.Guest, "FR", []string{"prime"}, "k3"}},
	{`{"link":{"token":"t"}}`, Link{"t"}},
	{`{"linked":{"link":"http://h/#s.f","code":"12345678","expires":5}}`, Linked{"http://h/#s.f", "12345678", 5}},
	{`{"titles":{"token":"t","lang":"fr","have":"9b"}}`, Titles{"t", "fr", "9b"}},
	{`{"get":{"token":"t","title":"aurora","part":"file","offset":0,"length":-1}}`,
		Get{Token: "t", Title: "aurora", Part: "file", Length: -1}},
	{`{"content":{"size":9,"type":"video/mp4","etag":"\"e\"","modified":5,"length":9}}`,
		Content{Size: 9, Type: "video/mp4", ETag: `"e"`, Modified: 5, Length: 9}},
	{`{"stage":{"token":"t"}}`, Stage{"t"}},
	{`{"faces":{"sent":[{"number":7,"member":"q7","video":"video/VP8","audio":"audio/opus","audioFmt":"useinbandfec=1"}],"seen":[3]}}`,
		Faces{[]Face{{Number: 7, Member: "q7", Video: "video/VP8", Audio: "audio/opus", AudioFmt: "useinbandfec=1"}}, []uint16{3}}},
	{`{"whole":{"face":7}}`, Whole{7}},
	{`{"off":{"face":7}}`, Off{7}},
}

func TestEveryKindThereAndBack(t *testing.T) {
	seen := map[string]bool{}
	for _, x := range examples {
		b, err := Marshal(x.frame)
		if err != nil || string(b) != x.text {
			t.Errorf("%T encodes as %s, %v; want %s", x.frame, b, err, x.text)
		}
		f, err := Parse([]byte(x.text), MaxToHost)
		if err != nil || !reflect.DeepEqual(f, x.frame) {
			t.Errorf("%s decodes as %#v, %v", x.text, f, err)
		}
		seen[kindNames[reflect.TypeOf(x.frame)]] = true
	}
	for kind := range kinds {
		if !seen[kind] {
			t.Errorf("no example of %s", kind)
		}
	}
}

func TestParseIsStrict(t *testing.T) {
	for _, text := range []string{
		``, `null`, `12`, `"ping"`, `[]`, `{}`, `{"ping":{"id":1}`, `{"ping":{"id":1}}{}`, `{"ping":{"id":1}} x`,
		`{"ping":{"id":1},"pong":{}}`, `{"ping":{"id":1},"ping":{"id":2}}`,
		`{"ping":null}`, `{"ping":[]}`, `{"ping":{"id":"1"}}`, `{"ping":{"id":1e99}}`,
		`{"record":7}`, "{\"join\":{\"name\":\"\xff\"}}", "\xef\xbb\xbf{\"ping\":{}}",
		`{"hello":{"v":1,"screen":"toaster"}}`,
		`{"get":{"offset":-1,"length":-1}}`, `{"get":{"length":-2}}`, `{"content":{"size":1,"length":2}}`,
		strings.Repeat(`{"ping":`, 20000) + strings.Repeat(`}`, 20000),
	} {
		f, err := Parse([]byte(text), MaxToGuest)
		if _, ok := errors.AsType[*ProtoError](err); !ok || f != nil {
			t.Errorf("%.40s gives %#v, %v", text, f, err)
		}
	}
	if _, err := Parse(bytes.Repeat([]byte(" "), MaxToHost+1), MaxToHost); err == nil {
		t.Error("a frame over the limit was read")
	}
}

func TestUnknownIsPassedOver(t *testing.T) {
	for text, want := range map[string]Frame{
		` {"cheer": [1]} `:                               Unknown{"cheer"},
		`{"signal":{"wave":{}}}`:                         Signal{},
		`{"signal":{"drift":{"ms":2,"state":"<b>"}}}`:    Signal{Drift: &party.Report{MS: 2}},
		`{"ping":{"id":3,"colour":"red"}}`:               Ping{3},
		`{"refused":{"nonce":"","code":"","reason":""}}`: Refused{},
	} {
		if f, err := Parse([]byte(text), MaxToHost); err != nil || !reflect.DeepEqual(f, want) {
			t.Errorf("%s gives %#v, %v", text, f, err)
		}
	}
}

// A wish that cannot be understood is answered; the connection goes on.
func TestWishThatCannotBeRead(t *testing.T) {
	for text, nonce := range map[string]party.Nonce{
		`{"wish":{"nonce":"7f","fly":{}}}`:                              "7f",
		`{"wish":{"nonce":"7f","say":{"text":1}}}`:                      "7f",
		`{"wish":{"nonce":"7f","say":{"text":"a"},"pause":{}}}`:         "7f",
		`{"wish":{"nonce":"7f"}}`:                                       "7f",
		`{"wish":{"say":{"text":"a"}}}`:                                 "",
		`{"wish":{"nonce":"` + strings.Repeat("n", 65) + `","say":{}}}`: "",
		`{"wish":{"nonce":7}}`:                                          "",
	} {
		f, err := Parse([]byte(text), MaxToHost)
		w, ok := f.(Wish)
		if err != nil || !ok || w.Refusal == nil || w.Nonce != nonce {
			t.Errorf("%.60s gives %#v, %v", text, f, err)
			continue
		}
		if r := Refuse(w.Nonce, w.Refusal); r.Code != "WP-BAD" || r.Nonce != nonce {
			t.Errorf("%.60s is answered by %#v", text, r)
		}
	}
}

func TestRefuseKeepsOursToItself(t *testing.T) {
	r := Refuse("1", errors.New("open /secret/path: no such file"))
	if r.Code != "WP-BROKEN" || strings.Contains(r.Reason, "secret") {
		t.Errorf("%#v", r)
	}
}

func TestRecordKeepsItsBytes(t *testing.T) {
	raw := []byte(`{"seq":1,  "at":2,"said":{"text":"<é\u00e9>"}}`)
	f, err := Parse(RecordFrame(raw), MaxToGuest)
	if r, ok := f.(Record); err != nil || !ok || !bytes.Equal(r, raw) {
		t.Fatalf("%s, %v", f, err)
	}
	if n := testing.AllocsPerRun(100, func() { RecordFrame(raw) }); n != 1 {
		t.Errorf("%v allocations, want one", n)
	}
}

func TestMoment(t *testing.T) {
	at := time.UnixMicro(1763843200123417)
	if got := Moment(Millis(at)); !got.Equal(at) {
		t.Errorf("%v came back as %v", at, got)
	}
	if got := Moment(1e300); !got.IsZero() {
		t.Errorf("1e300 is %v", got)
	}
}

func FuzzParseFrame(f *testing.F) {
	for _, x := range examples {
		f.Add([]byte(x.text))
	}
	f.Add([]byte(`{"wish":{"nonce":"7f","fly":{}}}`))
	f.Add([]byte(`{"cheer":1}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		frame, err := Parse(b, MaxToHost)
		if err != nil {
			if _, ok := errors.AsType[*ProtoError](err); !ok || frame != nil {
				t.Fatalf("%#v, %v", frame, err)
			}
			return
		}
		if w, ok := frame.(Wish); ok && w.Refusal != nil {
			return
		}
		if _, ok := frame.(Unknown); ok {
			return
		}
		again, err := Marshal(frame)
		if err != nil {
			t.Fatalf("%#v: %v", frame, err)
		}
		if back, err := Parse(again, MaxToGuest); err != nil || !reflect.DeepEqual(back, frame) {
			t.Fatalf("%#v came back as %#v, %v", frame, back, err)
		}
	})
}
