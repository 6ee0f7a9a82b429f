package subtitle

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWebVTT(t *testing.T) {
	for _, test := range []struct{ name, in, want string }{
		{"plain", "1\n00:00:01,000 --> 00:00:02,500\nHello\n", "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello\n"},
		{"byte order mark and CRLF", "\uFEFF1\r\n00:00:01,000 --> 00:00:02,500\r\nTwo\r\nlines\r\n\r\n", "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nTwo\nlines\n"},
		{"old Mac line ends", "1\r00:00:01,000 --> 00:00:02,500\rHello\r", "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\nHello\n"},
		{"by time, whatever the numbers", "9\n0:1:0.5 --> 0:1:1\nsecond\n\n9\n00:00:01,000 --> 00:00:02,000\nfirst\n",
			"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nfirst\n\n00:01:00.500 --> 00:01:01.000\nsecond\n"},
		{"markup", "1\n00:00:01,000 --> 00:00:02,000 X1:1\n{\\an8}<I>a</I> <font color=\"#fff\">b</font> c < d & e --> f\n",
			"WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:0\n<i>a</i> b c &lt; d &amp; e --&gt; f\n"},
		{"nothing after the arrow", "1\n00:00:01,000 -->\nlost\n\n2\n00:00:03,000 --> 00:00:04,000\nkept\n", "WEBVTT\n\n00:00:03.000 --> 00:00:04.000\nkept\n"},
		{"backwards and empty", "1\n00:00:05,000 --> 00:00:04,000\nlost\n\n2\n00:00:05,000 --> 00:00:06,000\n\n3\n00:00:07,000 --> 00:00:08,000\nkept\n",
			"WEBVTT\n\n00:00:07.000 --> 00:00:08.000\nkept\n"},
		{"Windows-1252", "1\n00:00:01,000 --> 00:00:02,000\nd\xe9j\xe0 vu \x96 \x80\n", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\ndéjà vu – €\n"},
		{"UTF-16", "\xff\xfe1\x00\n\x000\x00:\x000\x00:\x001\x00-\x00-\x00>\x000\x00:\x000\x00:\x002\x00\n\x00\xe9\x00\n\x00", "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\né\n"},
		{"WebVTT stays", "\uFEFFWEBVTT - x\r\n\r\n00:01.000 --> 00:02.000 align:start\r\n<v Ann>hi\x00\r\n", "WEBVTT - x\n\n00:01.000 --> 00:02.000 align:start\n<v Ann>hi\uFFFD\n"},
	} {
		got, err := WebVTT([]byte(test.in))
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %v\n got %q\nwant %q", test.name, err, got, test.want)
		}
	}
}

func TestWebVTTRefuses(t *testing.T) {
	for name, in := range map[string]string{
		"nothing": "", "a page": "<html><script>alert(1)</script>", "a lookalike": "WEBVTTX\n\n00:01.000 --> 00:02.000\nx",
	} {
		if got, err := WebVTT([]byte(in)); err == nil {
			t.Errorf("%s became %q", name, got)
		}
	}
	if _, err := WebVTT(make([]byte, MaxSize+1)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("above the size: %v", err)
	}
	if _, err := WebVTT([]byte(strings.Repeat("<i>", MaxSize/3))); err == nil {
		t.Error("one long line became subtitles")
	}
}

func FuzzWebVTT(f *testing.F) {
	f.Add([]byte("1\n00:00:01,000 --> 00:00:02,500\n<b>Hello\n"))
	f.Add([]byte("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n"))
	f.Add([]byte("\xff\xfe1\x00"))
	f.Add([]byte("999:99:99,9 --> 999:99:99.99{\\an8}<<<>"))
	f.Fuzz(func(t *testing.T, in []byte) {
		out, err := WebVTT(in)
		if err != nil {
			return
		}
		if !utf8.Valid(out) || !strings.HasPrefix(string(out), "WEBVTT") || strings.ContainsAny(string(out), "\x00\r") {
			t.Errorf("%q became %q", in, out)
		}
		again, err := WebVTT(out)
		if err != nil || string(again) != string(out) {
			t.Errorf("WebVTT changed again: %v", err)
		}
	})
}
