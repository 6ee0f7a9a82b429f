package nodetest_test

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	. "watchparty/node/nodetest"
)

const part, whole, none = http.StatusPartialContent, http.StatusOK, http.StatusRequestedRangeNotSatisfiable

// TestAbsurdRanges: ranges that no player asks for are answered by the standard (RFC 9110,
// 14.2) or refused, by the host and by a guest's node alike, and cost next to nothing.
func TestAbsurdRanges(t *testing.T) {
	t.Parallel()
	h := Host(t)
	n := h.Node("Den", "")
	film := h.Guest("Ann").Film("aurora")
	size := len(film.Body)
	if film.Status != http.StatusOK || size < 1<<16 {
		t.Fatalf("film: %d, %d bytes", film.Status, size)
	}
	many := func(n int) string { return "bytes=" + strings.TrimSuffix(strings.Repeat("0-0,", n), ",") }
	for base, token := range map[string]string{h.URL(""): h.Guest("Bob").Token, n.URL(""): field(t, Do(t, "GET", n.URL("/api/me"), "", nil).Body, "token")} {
		ask := asking(t, base, token)
		for _, c := range []struct {
			ranges string
			status int
			want   []byte // nil: a refusal
		}{
			{"bytes=10-19", part, film.Body[10:20]},
			{"bytes=-7", part, film.Body[size-7:]},
			{"bytes=0-99999999999999", part, film.Body},
			{"bytes=-99999999999999", part, film.Body},
			{"bytes=0-,0-,0-", whole, film.Body}, // more than there is
			{"bytes=99999999999999-", none, nil},
			{"bytes=18446744073709551616-", none, nil},
			{"bytes=9-5", none, nil},
			{"bytes=-5-9", none, nil},
			{"bytes=a-b", none, nil},
			{"bytes=-", none, nil},
			{"lines=0-5", none, nil},
			{many(100), none, nil},
			{many(4000), none, nil},
			{many(10_000), http.StatusRequestHeaderFieldsTooLarge, nil},
		} {
			a := ask("GET", c.ranges)
			if a.Status != c.status || c.want != nil && !bytes.Equal(a.Body, c.want) || c.want == nil && len(a.Body) > 500 {
				t.Errorf("%.40s: %d, %d bytes, want %d, %d bytes", c.ranges, a.Status, len(a.Body), c.status, len(c.want))
			}
		}
		if got := partsOf(t, ask("GET", "bytes=0-9,100-109,-5")); len(got) != 3 || !bytes.Equal(got[0], film.Body[:10]) ||
			!bytes.Equal(got[1], film.Body[100:110]) || !bytes.Equal(got[2], film.Body[size-5:]) {
			t.Errorf("three ranges: %q", got)
		}
	}
}

// TestConditionalRanges: of a film that is what the browser has (RFC 9110, 13), and of its head.
func TestConditionalRanges(t *testing.T) {
	h := Host(t)
	ann := h.Guest("Ann")
	film := ann.Film("aurora")
	tag := film.Header.Get("ETag")
	ask := asking(t, h.URL(""), ann.Token)
	if a := ask("HEAD", "bytes=10-19"); a.Status != part || len(a.Body) > 0 || a.Header.Get("Content-Length") != "10" {
		t.Errorf("head of a range: %d, %d bytes, %s", a.Status, len(a.Body), a.Header.Get("Content-Length"))
	}
	for _, c := range []struct {
		header, value string
		status        int
	}{
		{"If-Range", tag, part}, {"If-Range", `"other"`, whole}, {"If-None-Match", tag, http.StatusNotModified},
		{"If-Match", `"other"`, http.StatusPreconditionFailed}, {"If-Match", tag, part},
	} {
		a := ask("GET", "bytes=10-19", c.header, c.value)
		if a.Status != c.status || c.status == whole && !bytes.Equal(a.Body, film.Body) || c.status == part && !bytes.Equal(a.Body, film.Body[10:20]) {
			t.Errorf("%s %s: %d, %d bytes", c.header, c.value, a.Status, len(a.Body))
		}
	}
}

// asking asks for a film's ranges at a node.
func asking(t *testing.T, base, token string) func(method, ranges string, header ...string) Answer {
	return func(method, ranges string, header ...string) Answer {
		t.Helper()
		return Do(t, method, base+"/media/t/aurora/file", token, nil, func(r *http.Request) {
			if ranges != "" {
				r.Header.Set("Range", ranges)
			}
			for i := 0; i < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
		})
	}
}

// partsOf are the bodies of an answer's parts.
func partsOf(t *testing.T, a Answer) (all [][]byte) {
	t.Helper()
	_, kind, err := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	r := multipart.NewReader(bytes.NewReader(a.Body), kind["boundary"])
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b)
	}
}
