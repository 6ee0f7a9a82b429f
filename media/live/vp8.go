package live

import "strings"

// begins says whether a packet's payload is the beginning of a picture that needs no other.
func begins(mime string, p []byte) bool {
	switch {
	case strings.EqualFold(mime, "video/VP8"):
		d, ok := describe(p)
		return ok && p[0]&0x10 != 0 && p[0]&0x07 == 0 && d.size < len(p) && p[d.size]&0x01 == 0 // RFC 7741, 4.2 and 4.3
	case strings.EqualFold(mime, "video/H264"):
		return beginsH264(p)
	}
	return true
}

// beginsH264 looks for a sequence parameter set or an IDR slice (RFC 6184, 5.6 to 5.8).
func beginsH264(p []byte) bool {
	if len(p) < 2 {
		return false
	}
	whole := func(kind byte) bool { return kind == 5 || kind == 7 }
	switch kind := p[0] & 0x1f; kind {
	case 24: // several in one
		for rest := p[1:]; len(rest) > 2; {
			size := int(rest[0])<<8 | int(rest[1])
			if whole(rest[2] & 0x1f) {
				return true
			}
			if size+2 >= len(rest) {
				break
			}
			rest = rest[size+2:]
		}
		return false
	case 28: // a part of one
		return p[1]&0x80 != 0 && whole(p[1]&0x1f)
	default:
		return whole(kind)
	}
}

// A descriptor is where the numbers of pictures stand in a VP8 payload (RFC 7741, 4.2).
type descriptor struct {
	size    int
	picture int // offset of the picture's number; 0: none
	long    bool
	layer   int // offset of the base layer's number; 0: none
}

func describe(p []byte) (d descriptor, ok bool) {
	if len(p) < 1 {
		return d, false
	}
	d.size = 1
	if p[0]&0x80 == 0 {
		return d, true
	}
	if len(p) < 2 {
		return d, false
	}
	flags := p[1]
	d.size = 2
	if flags&0x80 != 0 {
		if len(p) <= d.size {
			return d, false
		}
		d.picture, d.long = d.size, p[d.size]&0x80 != 0
		d.size++
		if d.long {
			d.size++
		}
	}
	if flags&0x40 != 0 {
		d.layer = d.size
		d.size++
	}
	if flags&0x30 != 0 {
		d.size++
	}
	return d, len(p) > d.size
}

// renumber adds to a picture's numbers, which count on when a viewer is given another size.
func renumber(p []byte, picture uint16, layer uint8) {
	d, ok := describe(p)
	if !ok {
		return
	}
	if d.picture > 0 && d.long {
		n := (uint16(p[d.picture]&0x7f)<<8 | uint16(p[d.picture+1])) + picture
		p[d.picture], p[d.picture+1] = byte(n>>8)&0x7f|0x80, byte(n)
	} else if d.picture > 0 {
		p[d.picture] = (p[d.picture] + byte(picture)) & 0x7f
	}
	if d.layer > 0 {
		p[d.layer] += layer
	}
}

// numbers are a picture's own.
func numbers(p []byte) (picture uint16, layer uint8) {
	d, ok := describe(p)
	if !ok {
		return 0, 0
	}
	if d.picture > 0 && d.long {
		picture = uint16(p[d.picture]&0x7f)<<8 | uint16(p[d.picture+1])
	} else if d.picture > 0 {
		picture = uint16(p[d.picture])
	}
	if d.layer > 0 {
		layer = p[d.layer]
	}
	return picture, layer
}
