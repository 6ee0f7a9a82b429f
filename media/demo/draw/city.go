//go:build ignore

package main

import "math"

const street = 300.0 // where the houses meet the ground

// smallHours: one street corner, first in night rain, then in the snow of the morning after.
func smallHours(morning bool) func(t float64, p pen) func(x, y float64) colour {
	return func(t float64, p pen) func(x, y float64) colour {
		s := scene{t: t, morning: morning, pen: p}
		if morning {
			s.dawn = smooth(2, 54, t)
		}
		s.sky = s.heaven()
		s.tram, s.run = 700-(t-16)*58, -1.0
		if !morning {
			s.tram, s.run = -60+(t-24)*58, 1
		}
		s.walker = 60 + 11.5*t
		if morning {
			s.walker = 560 - 7*t
		}
		return s.shade
	}
}

type scene struct {
	pen
	t, dawn, tram, run, walker float64
	morning                    bool
	sky                        []stop
}

func (s *scene) heaven() []stop {
	night := [...]uint32{0x0a0f26, 0x141b40, 0x2a2750, 0x4a3358}
	dawn := [...]uint32{0x3a4f8a, 0x7f86b8, 0xe2a8a8, 0xffd3a6}
	if s.morning {
		night = [...]uint32{0x101938, 0x1d2a58, 0x35386c, 0x5a4a78}
	}
	var out []stop
	for i, y := range [...]float64{-10, 90, 180, 260} {
		out = append(out, stop{y, hex(night[i]).mix(hex(dawn[i]), s.dawn)})
	}
	return out
}

func (s *scene) shade(x, y float64) colour {
	var c colour
	if y < street {
		c = s.above(x, y)
	} else {
		c = s.ground(x, y)
	}
	c = s.people(c, x, y)
	return s.weather(c, x, y)
}

func (s *scene) above(x, y float64) colour {
	c := gradient(y, s.sky)
	for layer := range 3 {
		c = s.houses(c, x, y, layer)
	}
	c = s.cafe(c, x, y)
	c = s.lamps(c, x, y)
	return s.tramcar(c, x, y)
}

func (s *scene) houses(c colour, x, y float64, layer int) colour {
	wide := [...]float64{38, 52, 74}[layer]
	base := [...]float64{118, 150, 196}[layer]
	vary := [...]float64{70, 76, 62}[layer]
	shift := [...]float64{0, 19, 9}[layer]
	n := int(math.Floor((x + shift) / wide))
	in := x + shift - float64(n)*wide
	id := n*53 + layer*991 + 77
	top := base - vary*(hash(id)-0.35)
	if layer == 2 && x > 205 && x < 430 { // a gap in the front row, so that one sees far
		top += 58
	}
	far := [...]uint32{0x2b2c58, 0x1b1d42, 0x101230}[layer]
	wall := hex(far).mix(hex([...]uint32{0xb08fa8, 0x6f6391, 0x3b3a68}[layer]), s.dawn)
	if y < top-8 {
		return c
	}
	cover := s.edge(y-top) * s.edge(in-0.5) * s.edge(wide-0.5-in)
	c = c.mix(wall, cover)
	if s.morning {
		cap := s.edge(y-top+1.5) * s.edge(top+2.6+0.8*math.Sin(x*0.4)-y) * s.edge(in) * s.edge(wide-in)
		c = c.mix(hex(0xb9c4e6).mix(hex(0xfff3ee), s.dawn), cap)
	}
	if hash(id+5) > 0.6 && y < top {
		c = c.mix(wall, s.box(in, y, wide*0.3, top-8, wide*0.3+4, top))
	}
	return s.windows(c, in, y, top, wide, id, layer)
}

func (s *scene) windows(c colour, in, y, top, wide float64, id, layer int) colour {
	gap := [...]float64{6.5, 9, 12.4}[layer]
	cw, ch := gap*0.27, gap*0.36
	col, row := math.Floor((in-gap*0.4)/gap), math.Floor((y-top-6)/(gap*1.35))
	wx, wy := gap*0.4+(col+0.5)*gap, top+6+(row+0.5)*gap*1.35
	if col < 0 || row < 0 || wx+cw > wide-2 || wy+ch > street-22 {
		return c
	}
	w := id*17 + int(col)*131 + int(row)*29
	lit := 0.0
	if hash(w) < 0.34 {
		lit = 1 - smooth(0, 0.4, s.t-70*hash(w+1)-3)
		if s.morning {
			lit = smooth(0, 0.4, s.t-70*hash(w+1)-1)
		}
	}
	bright := [...]float64{0.5, 0.72, 0.95}[layer] * (0.6 + 0.4*hash(w+2)) * (1 - 0.35*s.dawn)
	warm := hex(0xffc778).mix(hex(0xa9d4ff), math.Round(hash(w+3)*0.62))
	pane := s.box(in, y, wx-cw, wy-ch, wx+cw, wy+ch)
	c = c.mix(c.dim(0.72), 0.5*pane)
	return c.mix(warm.dim(bright), lit*pane)
}

// cafe is the one place still open.
func (s *scene) cafe(c colour, x, y float64) colour {
	const left, right = 452.0, 560.0
	warm := hex(0xffbe6a)
	c = c.add(warm, 0.34*glow((x-506)*0.6, y, 0, 282, 36))
	c = c.mix(hex(0x1a1330), s.box(x, y, left-5, 252, right+5, street))
	c = c.mix(hex(0xffc97c).mix(hex(0xf59a4c), smooth(260, 300, y)), s.box(x, y, left, 263, right-28, 296))
	c = c.mix(hex(0xe9a555), s.box(x, y, right-23, 265, right-3, street))
	for i := range 3 {
		c = c.mix(hex(0x1a1330), s.box(x, y, left+25+float64(i)*20, 262, left+26.4+float64(i)*20, 297))
	}
	awning := hex(0xb5344c)
	if math.Mod(x-left+120, 12) > 6 {
		awning = hex(0xf0d9c8)
	}
	c = c.mix(awning.mix(hex(0x1a1330), 0.30), s.box(x, y, left-6, 252, right+6, 262+1.6*math.Abs(math.Sin((x-left)*0.26))))
	buzz := 1 - 0.5*math.Round(noise(s.t*9, 151)*0.56)
	moon := s.disc(x, y, 506, 236, 10) * (1 - s.disc(x, y, 511, 233, 9))
	c = c.add(hex(0xff4f8a), buzz*0.42*glow(x, y, 504, 236, 20))
	c = c.mix(hex(0xffc2d8), buzz*moon)
	for _, g := range [...][2]float64{{470, 0}, {492, 1}} { // two late guests
		c = c.mix(hex(0x3a1d2c), math.Max(s.disc(x, y, g[0], 280, 3.6), s.box(x, y, g[0]-5, 285, g[0]+5, 296)))
	}
	return c
}

func (s *scene) lamps(c colour, x, y float64) colour {
	on := 1 - 0.85*smooth(0.45, 0.75, s.dawn)
	for _, lx := range [...]float64{86, 250, 414, 604} {
		c = c.mix(hex(0x0a0c22), math.Max(s.box(x, y, lx-1, 214, lx+1, street), s.box(x, y, lx-5, 210, lx+5, 213)))
		c = c.mix(hex(0xffe6b0), on*s.box(x, y, lx-3.6, 213, lx+3.6, 217))
		cone := math.Exp(-math.Pow((x-lx)/(5+(y-214)*0.30), 2)) * smooth(210, 222, y) * math.Exp(-(y-214)/70)
		c = c.add(hex(0xffcf8c), on*(0.40*glow(x, y, lx, 216, 17)+0.17*cone))
	}
	return c.mix(hex(0x0a0c22), 0.75*clamp(0.9-math.Abs(y-232-0.00009*(x-320)*(x-320)))) // the tram's wire
}

func (s *scene) tramcar(c colour, x, y float64) colour {
	back := (s.tram - x) * s.run
	if back < -60 || back > 150 || y < 226 {
		return c
	}
	floor := street - 1.0
	if back < 0 {
		return c.add(hex(0xfff0c8), 0.5*math.Exp(back/28)*math.Exp(-math.Pow((y-288)/(3-back*0.16), 2)))
	}
	in := math.Mod(back, 68)
	nose := math.Max(0, 7-back)
	body := s.edge(y-252-nose*nose*0.12) * s.edge(floor-4-y) * s.edge(in-0.6) * s.edge(67.4-in) * s.edge(135-back)
	c = c.mix(hex(0x8d2f45).mix(hex(0xe6d9c8), s.edge(276-y)*s.edge(y-255)), body*1)
	pane := math.Mod(in-4, 12.2)
	if in > 4 && in < 64 && back < 134 {
		c = c.mix(hex(0xffdb98), s.box(pane, y, 0.7, 257.5, 10.8, 273))
	}
	c = c.mix(hex(0x0a0c22), s.disc(in, y, 14, floor-3, 4)+s.disc(in, y, 54, floor-3, 4))
	pole := math.Abs((back - 60) - (252-y)*0.6)
	if y > 232 && y < 252 {
		c = c.mix(hex(0x0a0c22), clamp(1.2-pole))
	}
	return c.add(hex(0xffc072), 0.16*smooth(-6, 20, back)*(1-smooth(116, 140, back))*math.Exp(-math.Pow((y-268)/20, 2)))
}

// ground is wet stone that mirrors the street, or snow that takes its light.
func (s *scene) ground(x, y float64) colour {
	depth := y - street
	if s.morning {
		snow := hex(0x4a5284).mix(hex(0x2a3260), smooth(0, 60, depth))
		snow = snow.mix(hex(0xdfc3cc).mix(hex(0x8f8fc0), smooth(0, 60, depth)), s.dawn*0.9)
		up := s.above(x, street-2-depth*0.8)
		c := snow.add(up, 0.16)
		for _, r := range [...]float64{9, 17} {
			c = c.mix(hex(0x20264c).mix(hex(0x59598c), s.dawn), s.box(x, depth, -10, r, 700, r+1.4))
		}
		return c
	}
	wave := math.Sin(depth*0.55+x*0.02)*0.5 + noise(x*0.05+depth*0.2, 161) - 0.5
	c := s.above(x+wave*(0.6+depth*0.04), street-1-depth*1.45)
	c = c.mix(hex(0x0b0e26), 0.42+0.2*smooth(0, 60, depth))
	for _, r := range [...]float64{9, 17} {
		c = c.mix(hex(0x6c5f7c), 0.5*s.box(x, depth, -10, r, 700, r+1))
	}
	return c
}

func (s *scene) people(c colour, x, y float64) colour {
	at, foot := s.walker, 334.0
	step := math.Abs(math.Sin(s.t*3.4)) * 1.4
	if math.Abs(x-at) > 30 || y < 270 {
		return c
	}
	dark := hex(0x070919)
	leg := 4.5 * math.Sin(s.t*3.4)
	for _, l := range [...]float64{leg, -leg} {
		lean := at + l*(y-foot+16)/16
		c = c.mix(dark, s.edge(1.6-math.Abs(x-lean))*s.edge(y-foot+17)*s.edge(foot-y))
	}
	coat := s.edge(4+(y-foot+36)*0.13-math.Abs(x-at)) * s.edge(y-foot+36-step) * s.edge(foot-12-y)
	c = c.mix(dark, math.Max(coat, s.disc(x, y, at, foot-39.5-step, 3.8)))
	if s.morning {
		return c.mix(hex(0xd0434f), s.box(x, y, at-4, foot-37-step, at+4, foot-33.6-step))
	}
	top := foot - 47 - step
	canopy := s.edge(19-math.Hypot(x-at-2, (y-top-6)*1.35)) * s.edge(top+2+2*math.Abs(math.Sin((x-at-2)*0.165))-y)
	c = c.mix(dark, s.box(x, y, at+1.6, top-4, at+2.6, foot-24))
	return c.mix(hex(0xe0455a).dim(0.75+0.25*smooth(-18, 18, x-at)), canopy)
}

func (s *scene) weather(c colour, x, y float64) colour {
	const lane = 16.0
	n := int(math.Floor(x / lane))
	for k := range 2 {
		id := n*71 + k*1009 + 5000
		if s.morning {
			fall := 17 + 15*hash(id)
			fx := (float64(n)+0.5)*lane + 5*math.Sin(s.t*(0.4+hash(id+1))+hash(id+2)*6)
			fy := math.Mod(s.t*fall+400*hash(id+3), 400) - 20
			c = c.mix(colour{1, 1, 1}, 0.75*glow(x, y, fx, fy, 0.9+0.9*hash(id+4)))
			continue
		}
		fall := 300 + 90*hash(id)
		turn := math.Floor((s.t*fall + 700*hash(id+3)) / 700)
		fx := (float64(n)+0.15+0.7*hash(id+int(turn)*13))*lane - 0
		fy := math.Mod(s.t*fall+700*hash(id+3), 700) - 30
		along := fy - y
		if along > 0 && along < 20 && y < street+40 {
			c = c.add(hex(0x9fb4e8), 0.20*clamp(0.85-math.Abs(x-fx))*(1-along/20))
		}
	}
	return c
}
