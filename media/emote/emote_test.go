package emote_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"regexp"
	"strings"
	"testing"

	"watchparty/media/emote"
	"watchparty/node/nodetest"
)

// Pictures as ffmpeg writes them: 64 by 48 pixels, and 24 by 16 where they move.
const (
	avif     = "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAAD5bWV0YQAAAAAAAAAvaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAFBpY3R1cmVIYW5kbGVyAAAAAA5waXRtAAAAAAABAAAAHmlsb2MAAAAARAAAAQABAAAAAQAAASEAAAAiAAAAKGlpbmYAAAAAAAEAAAAaaW5mZQIAAAAAAQAAYXYwMUNvbG9yAAAAAGppcHJwAAAAS2lwY28AAAAUaXNwZQAAAAAAAABAAAAAMAAAABBwaXhpAAAAAAMICAgAAAAMYXYxQ4EADAAAAAATY29scm5jbHgAAgACAAIAAAAAF2lwbWEAAAAAAAAAAQABBAECgwQAAAAqbWRhdAoKAAAAAq/3n/8wCDIUEADAAAACgAAACgV5Um5D2TpGAig="
	webp     = "UklGRlQAAABXRUJQVlA4IEgAAACwAwCdASpAADAAPpFIoEwlpCMiIqgAsBIJZwDTUoAAFR+9CbTFAAD+7tPf/4DdfFtMv/9zgf9zgf9zgfxtQQfvYdrhmPRsAAA="
	lossless = "UklGRiIAAABXRUJQVlA4TBUAAAAvP8ALAAcQ9Y/+B4CE8H+9GNH/1A8A"
	moving   = "UklGRrwCAABXRUJQVlA4WAoAAAACAAAAFwAADwAAQU5JTQYAAAD/////AABBTk1GTgEAAAAAAAAAABcAAA8AAGQAAAJWUDggNgEAAHAHAJ0BKhgAEAA+kTiXR6WjIiEwCACwEglsAJ0dgGeq/sBvgHoAdYB+mfowewr+vP6gezXcxlsA4KJf3pmuEP2pTo3gAP76oerIFmIVs15C0QITtNsIHvozH+Zk7Q4xfj8xSGwZLLMa1jJhz9qNnqA4Ur5SessJDGGQJ6Vm7jv8zmwsypp///mTEVqtgusy3nvIeGHNE9Gx5beJt1FACwrH3y/zGx0UbGG3vI/+xsnPcN6lrppR5EwaOee6u5JL1fix/OxaKUR9M+OxCoL/KA+H4hn5P8hN9ZvBQYn/99ivJn/6dB2JP+7r25mVTRwx/5D+7H3hR894Ep3/sX/dUkj8uXFcr/f8rlVQgRpNgwf/76aj/MVP30ZSlo+yP915Ej/kRVDZHC8nIf/8e7/8NZGZ1dAAAABBTk1GmAAAAAAAAAYAABcAAAIAAGQAAABWUDgggAAAANQFAJ0BKhgAAwA+kTiXR4MAgAABIJbACdMoRwN6B+Ff4zU4D+q/kB/AN//zjP9gAFopr9Qrf8AA/QLgMuIsn3V0cB7/+p/VcmJexQoKwA/3ccxsJCcVYRqb9rF0ureCFbue0NKtoB7uy/kbnkbV8Duj917JW/4HdH7r/9jyAAAAQU5NRpoAAAAAAAAGAAAXAAACAABkAAAAVlA4IIIAAADUBQCdASoYAAMAPpE4l0eDAIAAASCWwAnTKEcDeQfiT+M3IBDOfxu/gG//5xn+wAC0U1+oVv+AAP64UHmVnl3d76kC+/9Z8+1xTa95jfZdq13z//btwSdi6gKkdbF7HmD7goVuHIHG6Xv+xH2d9OlUncanxO8Vnl/xqfE7xfs2AAAA"
)

func kept(t testing.TB, text string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func pngOf(t testing.TB, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// gifOf has frames of these widths, all 10 pixels high.
func gifOf(t testing.TB, widths ...int) []byte {
	t.Helper()
	g := &gif.GIF{Config: image.Config{Width: 5000, Height: 10}}
	for _, w := range widths {
		g.Image, g.Delay = append(g.Image, image.NewPaletted(image.Rect(0, 0, w, 10), color.Palette{color.White, color.Black})), append(g.Delay, 5)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	out := b.Bytes()
	out[6], out[7] = 20, 0 // the screen, which a frame may be larger than
	return out
}

// TestRead: what a file is, is found in its bytes, whatever its name says.
func TestRead(t *testing.T) {
	for name, want := range map[string]struct {
		b    []byte
		kind string
		w, h int
	}{
		"a_png.gif":  {pngOf(t, 64, 32), "image/png", 64, 32},
		"a_gif.png":  {gifOf(t, 20, 20), "image/gif", 20, 10},
		"a_webp.png": {kept(t, webp), "image/webp", 64, 48},
		"less.webp":  {kept(t, lossless), "image/webp", 64, 48},
		"moves.webp": {kept(t, moving), "image/webp", 24, 16},
		"A1.avif":    {kept(t, avif), "image/avif", 64, 48},
	} {
		e, err := emote.Read(name, want.b)
		if err != nil || e.Type != want.kind || e.Width != want.w || e.Height != want.h || e.Code != name[:strings.Index(name, ".")] || len(e.Key) != 2*emote.KeyBytes {
			t.Errorf("%s is %+v, %v", name, e, err)
		}
	}
}

// TestLeftOut: what cannot be an emote is left out, with a sentence about why and one about what to do.
func TestLeftOut(t *testing.T) {
	good := pngOf(t, 8, 8)
	for why, one := range map[string]struct {
		name string
		b    []byte
	}{
		"written as a code": {"two words.png", good},
		"larger than 512":   {"big.png", append(bytes.Clone(good), make([]byte, emote.MaxBytes)...)},
		"513 × 8 pixels":    {"wide.png", pngOf(t, 513, 8)},
		"600 × 10 pixels":   {"bomb.gif", gifOf(t, 20, 600)},
		"3 times as wide":   {"banner.png", pngOf(t, 100, 20)},
		"no PNG, GIF":       {"logo.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`)},
		"no PNG, GIF, WebP": {"page.png", []byte("<!doctype html><script>1</script>")},
		"no PNG, GIF, ":     {"none.gif", []byte("GIF89a\x08\x00\x08\x00\x00\x00\x00;")},
		"no PNG":            {"cut.avif", kept(t, avif)[:40]},
	} {
		_, err := emote.Read(one.name, one.b)
		var fault *emote.Fault
		if !errors.As(err, &fault) || !strings.Contains(fault.Text, why) || fault.Hint == "" || !strings.HasPrefix(err.Error(), "WP-EMOTE: ") {
			t.Errorf("%s: %v, want %q", one.name, err, why)
		}
	}
}

// TestHostileCodes: 300 hostile names of files make no code but of plain letters, digits and _.
func TestHostileCodes(t *testing.T) {
	plain := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{1,23}$`)
	for _, text := range nodetest.Hostile() {
		for _, name := range []string{text, text + ".png", "ok" + text + ".png"} {
			if code, err := emote.Code(name); err == nil && !plain.MatchString(code) {
				t.Errorf("%.60q becomes %q", name, code)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{avif, webp, lossless, moving} {
		f.Add(kept(f, text))
	}
	f.Add(pngOf(f, 64, 32))
	f.Add(gifOf(f, 20, 20))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := emote.Read("some.png", b)
		var fault *emote.Fault
		switch {
		case err != nil && !errors.As(err, &fault):
			t.Errorf("no fault: %v", err)
		case err == nil && (!emote.Types[e.Type] || e.Width < 1 || e.Height < 1 || e.Width > emote.MaxSide || e.Height > emote.MaxSide || len(b) > emote.MaxBytes):
			t.Errorf("%d bytes are %+v", len(b), e)
		}
	})
}
