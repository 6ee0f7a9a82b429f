package catalog

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// BenchmarkParse reads a catalog of 10,000 titles.
func BenchmarkParse(b *testing.B) {
	var text strings.Builder
	text.WriteString(head)
	for i := range 10_000 {
		fmt.Fprintf(&text, "  - id: t%d\n    title: Title %d\n    year: 2021\n    file: films/%d.mp4\n    regions: {allow: [EU], deny: [CH]}\n    tiers: [prime]\n", i, i, i)
	}
	b.SetBytes(int64(text.Len()))
	for b.Loop() {
		if c, problems := Parse("f.yaml", []byte(text.String()), nil); c == nil {
			b.Fatal(problems)
		}
	}
}

// BenchmarkDecide asks whether a member may watch a title for the European Union.
func BenchmarkDecide(b *testing.B) {
	c, problems := Parse("f.yaml", []byte(head+"  - {id: a, title: A, file: a, regions: {allow: [EU], deny: [CH]}, tiers: [prime], from: 2026-01-01}\n"), nil)
	if c == nil {
		b.Fatal(problems)
	}
	v := Viewer{House: "SK", Tiers: []Membership{{Tier: "prime"}}}
	at := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		if d := c.Decide("a", v, at); !d.OK {
			b.Fatal(d)
		}
	}
}
