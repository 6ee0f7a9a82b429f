//go:build ignore

package main

import "math"

const (
	seaLine = 206.0
	towerX  = 506.0
	lampY   = 104.0
)

// A boat lies at x on the water line y and is size units large; light is its lantern.
type boat struct{ x, y, size, phase float64 }

// harbour: dusk turns to night, a lighthouse turns, a late boat comes home.
func harbour(t float64, p pen) func(x, y float64) colour {
	night := smooth(0, 52, t)
	turn := math.Mod(t/8, 1) * 2 * math.Pi
	boats := [...]boat{
		{-40 + 330*smooth(4, 58, t), 246, 1.25, 0.3},
		{196, 224, 0.72, 1.7}, {246, 221, 0.6, 3.1},
	}
	sky := make([]stop, 0, 5)
	day := [...]uint32{0x101a44, 0x2e356f, 0x7c4f80, 0xdd7f6c, 0xf6b27a}
	dark := [...]uint32{0x050a1e, 0x0b1738, 0x1c2452, 0x4a3a64, 0x7d5368}
	for i, y := range [...]float64{-10, 80, 140, 182, 208} {
		sky = append(sky, stop{y, hex(day[i]).mix(hex(dark[i]), night)})
	}
	return func(x, y float64) colour {
		var c colour
		if y < seaLine {
			c = gradient(y, sky)
			c = c.add(colour{1, 0.97, 0.92}, night*starfield{53, 28}.at(x, y, t, p.px)*(1-smooth(60, 150, y)))
			c = beam(c, x, y, turn, night)
			c = town(c, x, y, t, p)
		} else {
			c = sea(x, y, t, turn, night, sky, p)
		}
		c = lighthouse(c, x, y, turn, night, p)
		for _, b := range boats[1:] {
			c = b.draw(c, x, y, t, p)
		}
		c = boats[0].draw(c, x, y, t, p)
		return quay(c, x, y, p)
	}
}

func beam(c colour, x, y, turn, night float64) colour {
	for half := range 2 {
		a := turn + float64(half)*math.Pi
		side, to := math.Cos(a), math.Sin(a)
		along := (x - towerX) * math.Copysign(1, side)
		if along < 0 {
			continue
		}
		reach := 40 + 460*math.Abs(side)
		wide := 2.2 + along*(0.035+0.05*math.Max(0, to))
		across := (y - lampY - along*0.05*to) / wide
		bright := math.Exp(-along/reach) * math.Exp(-across*across) * (0.45 + 0.35*to)
		c = c.add(hex(0xfff1c9), bright*(0.35+0.65*night)*math.Abs(side))
	}
	flash := math.Pow(math.Max(0, math.Sin(turn)), 10) + math.Pow(math.Max(0, -math.Sin(turn)), 10)
	return c.add(hex(0xffedc0), 0.55*flash*glow(x, y, towerX, lampY, 40)+0.18*glow(x, y, towerX, lampY, 26))
}

func lighthouse(c colour, x, y, turn, night float64, p pen) colour {
	if x < 400 || y < 70 || y > 240 {
		return c
	}
	rock := 216 - 26*math.Exp(-math.Pow((x-518)/62, 2)) - 9*noise(x*0.09, 131) + 5*noise(x*0.3, 132)
	c = c.mix(hex(0x171737).mix(hex(0x0a0d24), night), p.edge(y-rock)*p.edge(218+2*math.Sin(x*0.2)-y)*smooth(420, 446, x))
	half := 7 + (y-112)*0.055
	if y > 112 && y < 200 {
		band := math.Mod((y-112)/17.6, 2)
		paint := hex(0xf1dfd6)
		if band > 1 {
			paint = hex(0xb8394a)
		}
		shade := 0.95 - 0.5*smooth(-half, half, x-towerX)
		paint = paint.dim(shade).mix(hex(0x1b1d45), 0.25+0.42*night)
		c = c.mix(paint, p.edge(half-math.Abs(x-towerX)))
		c = c.mix(hex(0xffcf83), p.box(x, y, towerX-2, 152, towerX+1.4, 157)+p.box(x, y, towerX-2, 176, towerX+1.6, 182))
	}
	dark := hex(0x10122f)
	c = c.mix(dark, p.box(x, y, towerX-10, 110.5, towerX+10, 113))
	c = c.mix(hex(0xfff0c4), p.box(x, y, towerX-5, 97, towerX+5, 110.5))
	c = c.mix(dark, 0.8*p.box(x, y, towerX-0.6, 97, towerX+0.6, 110.5))
	dome := p.edge(6.4-math.Hypot(x-towerX, (y-98)*1.1)) * p.edge(98-y)
	return c.mix(dark, math.Max(dome, p.box(x, y, towerX-0.6, 86, towerX+0.6, 93)))
}

func town(c colour, x, y, t float64, p pen) colour {
	if x > 250 || y < 120 {
		return c
	}
	hill := 196 - 40*math.Exp(-math.Pow((x-60)/120, 2)) + 6*noise(x*0.03, 141)
	c = c.mix(hex(0x2a2550).mix(hex(0x12132f), smooth(0, 50, t)), p.edge(y-hill))
	n := int(math.Floor(x / 19))
	if n < 0 || n > 11 {
		return c
	}
	left, tall := float64(n)*19, 17+17*hash(n+610)
	top := 205 - tall - 12*math.Exp(-math.Pow((left-70)/90, 2))
	wall := hex(0x3d315c).mix(hex(0x171735), 0.35*hash(n+611)+0.6*smooth(0, 50, t))
	in := x - left
	roof := top - 7 + math.Abs(in-9.5)*0.8
	c = c.mix(wall, p.edge(y-roof)*p.edge(in)*p.edge(19-in))
	col, row := math.Floor((in-2.5)/5), math.Floor((y-top-3)/7.5)
	if col < 0 || col > 2 || row < 0 || y > 203 {
		return c
	}
	id := n*37 + int(col)*5 + int(row)*11 + 700
	lit := smooth(0, 0.5, t-4-46*hash(id)) * math.Round(hash(id+1)*0.5+0.32)
	wx, wy := left+2.5+col*5+2.2, top+3+row*7.5+3
	c = c.mix(hex(0xffcb7a), lit*p.box(x, y, wx-1.4, wy-2.2, wx+1.4, wy+2.2))
	return c.add(hex(0xffa850), lit*0.18*glow(x, y, wx, wy, 5))
}

func sea(x, y, t, turn, night float64, sky []stop, p pen) colour {
	depth := y - seaLine
	swell := math.Sin(depth*0.75-t*1.3+2*math.Sin(x*0.011+t*0.2))*0.6 + math.Sin(depth*0.31+x*0.045+t*0.8)*0.4
	c := gradient(seaLine-depth*0.72-swell*(1+depth*0.1), sky).mix(hex(0x0a1434), 0.28+0.22*smooth(0, 120, depth))
	glint := smooth(0.55, 1, swell) * (1 - smooth(0, 90, depth))
	c = c.add(hex(0xffc59a), 0.20*glint*(1-0.75*night))
	path := math.Exp(-math.Pow((x-towerX-swell*5)/(5+depth*0.16), 2)) * math.Exp(-depth/70)
	c = c.add(hex(0xffe9b8), path*(0.30+0.25*swell)*(0.6+0.4*math.Abs(math.Sin(turn))))
	for i := range 7 {
		wx := 18 + float64(i)*31.0
		on := smooth(0, 3, t-5-float64(i)*6)
		c = c.add(hex(0xffb060), 0.34*on*math.Exp(-math.Pow((x-wx-swell*3)/(2.2+depth*0.05), 2))*math.Exp(-depth/24)*(0.65+0.35*swell))
	}
	for k := range 4 { // four swells towards us, each darker
		f := float64(k)
		crest := 256 + 27*f + (2+1.4*f)*math.Sin(x*(0.024-0.003*f)+t*(0.55+0.08*f)+f*1.9) + 1.6*math.Sin(x*0.071-t*0.9+f)
		body := hex(0x33376e).mix(hex(0x0a1130), 0.25*f+0.10+0.30*night)
		on := p.edge(y - crest)
		c = c.mix(body.mix(c, 0.30-0.06*f), on)
		c = c.add(hex(0xffb894), 0.22*(1-0.6*night)*on*(1-smooth(0, 3.2, y-crest)))
	}
	return c
}

func (b boat) draw(c colour, x, y, t float64, p pen) colour {
	s := b.size
	bob := 1.5 * s * math.Sin(t*1.1+b.phase)
	tilt := 0.035 * math.Sin(t*0.8+b.phase*2)
	dx, dy := (x-b.x)/s, (y-b.y-bob)/s-(x-b.x)/s*tilt
	if math.Abs(dx) > 60 || dy < -70 || dy > 60 {
		return c
	}
	q := pen{p.px / s}
	if dy > 2 {
		ripple := math.Sin(dy*1.3 - t*2.4)
		return c.add(hex(0xffb45a), 0.45*math.Exp(-math.Pow((dx-4-ripple*1.5)/(2+dy*0.07), 2))*math.Exp(-dy/20)*(0.7+0.3*ripple))
	}
	dark := hex(0x0b0f29)
	hull := q.edge(dy+7+0.0016*dx*dx*math.Copysign(1, -dx)-0.05*dx) * q.edge(2-dy) * q.edge(26-dy*-1.4-math.Abs(dx)-6)
	c = c.mix(dark, hull)
	c = c.mix(hex(0xb8394a), hull*0.7*q.box(dx, dy, -30, -0.4, 30, 0.9))
	c = c.mix(dark, q.box(dx, dy, -14, -17, -2, -6))
	c = c.mix(hex(0xffd48a), q.box(dx, dy, -12, -14.5, -4.5, -10))
	c = c.mix(dark, q.box(dx, dy, 3.4, -44, 4.6, -6))
	stay := math.Abs((dx-4)*1.55 - (dy + 43))
	if dx > 4 && dx < 25 && dy > -43 && dy < -8 {
		c = c.mix(dark, 0.6*clamp(0.9-stay))
	}
	return c.add(hex(0xffc36b), glow(dx, dy, 4, -36, 1.9)+0.42*glow(dx, dy, 4, -36, 12)+0.20*glow(dx, dy, -8, -12, 9))
}

func quay(c colour, x, y float64, p pen) colour {
	dark := hex(0x060918)
	if y > 300 {
		c = c.mix(dark, p.edge(y-342-1.5*math.Sin(x*0.05))*p.edge(226-x+(y-342)*0.4))
		for _, post := range [...]float64{26, 92, 158, 214} {
			c = c.mix(dark, math.Max(p.box(x, y, post-4, 322, post+4, 360), p.disc(x, y, post, 322, 4.6)))
		}
	}
	return c
}
