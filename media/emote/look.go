package emote

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// picture is what the first bytes of a file say.
type picture struct {
	kind          string // media type
	width, height int    // pixels
}

// look finds out what a file is by its bytes alone.
func look(b []byte) (p picture, ok bool) {
	for kind, size := range map[string]func([]byte) (w, h int, ok bool){
		"image/png": png, "image/gif": gif, "image/webp": webp, "image/avif": avif,
	} {
		if w, h, ok := size(b); ok && w > 0 && h > 0 {
			return picture{kind, w, h}, true
		}
	}
	return picture{}, false
}

// png reads the header chunk, which is the first (PNG, 11.2.1). Frames of an animation lie within it.
func png(b []byte) (w, h int, ok bool) {
	if len(b) < 33 || !bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")) {
		return 0, 0, false
	}
	return sized(binary.BigEndian.Uint32(b[16:]), binary.BigEndian.Uint32(b[20:]))
}

// gif reads the screen and goes from block to block: browsers make room for a frame that is larger than the screen
// (GIF89a, 18 and 20).
func gif(b []byte) (w, h int, ok bool) {
	if len(b) < 13 || !bytes.HasPrefix(b, []byte("GIF87a")) && !bytes.HasPrefix(b, []byte("GIF89a")) {
		return 0, 0, false
	}
	word := func(at int) int { return int(binary.LittleEndian.Uint16(b[at:])) }
	w, h = word(6), word(8)
	frames := 0
	for at := 13 + table(b[10]); at < len(b); {
		switch b[at] {
		case 0x3b: // the end
			return w, h, frames > 0
		case 0x21: // an extension: a label, then data
			at += 2
		case 0x2c: // a frame: place, size, a table of colours, the least code, then data
			if at+10 > len(b) {
				return w, h, frames > 0
			}
			w, h = max(w, word(at+1)+word(at+5)), max(h, word(at+3)+word(at+7))
			at += 11 + table(b[at+9])
			frames++
		default:
			return 0, 0, false
		}
		for at < len(b) && b[at] != 0 {
			at += 1 + int(b[at])
		}
		at++
	}
	return w, h, frames > 0 // cut short: browsers show what there is
}

// table is how many bytes a table of colours has, by the flags before it.
func table(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// webp reads the first chunk (RFC 9649, 2.4 to 2.7).
func webp(b []byte) (w, h int, ok bool) {
	if len(b) < 30 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" {
		return 0, 0, false
	}
	switch d := b[20:]; string(b[12:16]) {
	case "VP8X":
		w, h = int(d[4])|int(d[5])<<8|int(d[6])<<16, int(d[7])|int(d[8])<<8|int(d[9])<<16
		return w + 1, h + 1, true
	case "VP8L":
		bits := binary.LittleEndian.Uint32(d[1:])
		return int(bits&0x3fff) + 1, int(bits>>14&0x3fff) + 1, d[0] == 0x2f
	case "VP8 ":
		return int(binary.LittleEndian.Uint16(d[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(d[8:]) & 0x3fff), string(d[3:6]) == "\x9d\x01\x2a"
	}
	return 0, 0, false
}

// within are the boxes of AVIF in which sizes are told, and how many bytes stand before the boxes inside them.
var within = map[string]int{"meta": 4, "iprp": 0, "ipco": 0, "moov": 0, "trak": 0}

// avif takes the largest size that is told of a picture or a track (AVIF 1.1; ISO/IEC 23008-12, 6.5.3; ISO/IEC 14496-12, 8.3.2).
func avif(b []byte) (w, h int, ok bool) {
	if len(b) < 16 || string(b[4:8]) != "ftyp" {
		return 0, 0, false
	}
	size := int(binary.BigEndian.Uint32(b))
	if size < 16 || size > len(b) || size > 256 || !slices.ContainsFunc([]string{"avif", "avis"}, func(brand string) bool { return bytes.Contains(b[8:size], []byte(brand)) }) {
		return 0, 0, false
	}
	ok = true
	boxes(b[size:], 0, func(kind string, d []byte) {
		at, shift := 4, 0
		switch {
		case kind == "tkhd":
			at, shift = len(d)-8, 16 // fixed point, 16.16
		case kind != "ispe":
			return
		}
		if at < 4 || at+8 > len(d) {
			ok = false
			return
		}
		width, height, fits := sized(binary.BigEndian.Uint32(d[at:])>>shift, binary.BigEndian.Uint32(d[at+4:])>>shift)
		w, h, ok = max(w, width), max(h, height), ok && fits
	})
	return w, h, ok
}

const deepest = 8 // boxes in boxes

// boxes tells each box, and those inside the ones that hold some.
func boxes(b []byte, depth int, tell func(kind string, d []byte)) {
	for len(b) >= 8 && depth < deepest {
		size, kind := uint64(binary.BigEndian.Uint32(b)), string(b[4:8])
		head := 8
		switch {
		case size == 0: // to the end
			size = uint64(len(b))
		case size == 1 && len(b) >= 16: // it has 64 bits
			size, head = binary.BigEndian.Uint64(b[8:]), 16
		}
		if size < uint64(head) || size > uint64(len(b)) {
			return
		}
		d := b[head:size]
		tell(kind, d)
		if skip, holds := within[kind]; holds && len(d) >= skip {
			boxes(d[skip:], depth+1, tell)
		}
		b = b[size:]
	}
}

// sized makes numbers of a picture's size; none is as large as half of these.
func sized(w, h uint32) (int, int, bool) {
	const most = 1 << 30
	return int(w), int(h), w < most && h < most
}
