//go:build ignore

package main

import "math"

var (
	auroraSky  = []stop{{-10, hex(0x040818)}, {120, hex(0x081a33)}, {215, hex(0x12384e)}, {250, hex(0x1d5560)}}
	auroraPeak = newRidge(func(x float64) float64 {
		y := 268.0
		for _, m := range auroraTops {
			y = math.Min(y, m[1]+math.Abs(x-m[0])*m[2])
		}
		return y + 5*(fractal(x*0.09, 31)-0.5) + 9*(fractal(x*0.028, 35)-0.5)
	})
	auroraTops = [...][3]float64{{452, 166, 0.72}, {584, 186, 0.6}, {104, 190, 0.62}, {388, 200, 0.58}, {516, 208, 0.55}, {171, 208, 0.5}, {650, 205, 0.5}, {30, 214, 0.55}, {300, 220, 0.55}, {236, 226, 0.46}}
	auroraHill = newRidge(func(x float64) float64 { return 272 - 26*fractal(x*0.016+1.3, 44) })
	auroraSnow = newRidge(func(x float64) float64 {
		return 296 - 16*math.Sin((x+60)*0.0085) + 5*math.Sin(x*0.031)
	})
	auroraPines = [][3]float64{{22, 322, 150}, {64, 318, 104}, {-8, 320, 120}, {96, 316, 66}, {118, 312, 44}, {600, 330, 172}, {558, 326, 112}, {636, 330, 130}, {526, 318, 70}, {505, 314, 44}, {420, 298, 22}, {434, 299, 28}, {446, 299, 19}, {206, 292, 20}, {217, 292, 26}}
)

// aurora: northern lights over a hut, and somebody who walks out with a lantern to see them.
func aurora(t float64, p pen) func(x, y float64) colour {
	breath := 0.35 + 0.65*smooth(0, 14, t)
	walker := 318 - 118*smooth(10, 46, t)
	return func(x, y float64) colour {
		c := gradient(y, auroraSky)
		if y < 265 {
			c = c.add(colour{0.92, 0.96, 1}, starfield{91, 42}.at(x, y, t, p.px)*(1-smooth(150, 250, y)))
			c = curtains(c, x, y, t, breath)
		}
		return auroraLand(c, x, y, t, breath, walker, p)
	}
}

func curtains(c colour, x, y, t, breath float64) colour {
	low, mid, high := hex(0x2bf79a), hex(0x1fc8b4), hex(0x8a4dff)
	for k := range 3 {
		f := float64(k)
		base := 152 + 26*f - 30*math.Sin(x*0.0072+f*2.1+t*0.11) - 13*math.Sin(x*0.019-f-t*0.17)
		up := base - y
		if up < -24 || up > 230 {
			continue
		}
		bend := x + 22*math.Sin(x*0.017+t*0.23+f*4)
		rays := 0.30 + 0.70*noise(bend*0.055+t*0.30+f*31, 60+k)*(0.6+0.4*noise(bend*0.21-t*0.5, 70+k))
		patch := smooth(0.22, 0.75, noise(x*0.0065+f*13-t*0.055, 80+k))
		tall := 46 + 34*noise(bend*0.03+t*0.2, 90+k)
		shape := math.Exp(-up / tall)
		if up < 0 {
			shape = math.Exp(-up * up / 46)
		}
		glowing := 0.82 * breath * patch * rays * shape * (1 - 0.22*f)
		tint := low.mix(mid, smooth(4, 46, up)).mix(high, smooth(38, 120, up))
		c = c.add(tint, glowing)
	}
	return c
}

func auroraLand(c colour, x, y, t, breath, walker float64, p pen) colour {
	if y < 110 {
		return c
	}
	peak := auroraPeak.at(x)
	if y > peak-1 {
		face, below := auroraFace(x, y)
		lit := smooth(-1.6, 1.6, face+2.4*(noise(x*0.11+y*0.13, 101)-0.5))
		snow := 1 - smooth(10, 46, below+22*noise(x*0.13-y*0.05, 102))
		rock := hex(0x0c2233).mix(hex(0x17465a), 0.5*lit)
		rock = rock.mix(hex(0x1b5262).mix(hex(0x66c2b4), lit), snow*(0.40+0.35*breath*lit))
		c = c.mix(rock.mix(hex(0x174654), 0.6*smooth(220, 270, y)), p.edge(y-peak))
	}
	c = c.mix(hex(0x0a2430).mix(hex(0x0f3440), smooth(250, 290, y)), p.edge(y-auroraHill.at(x)))
	ground := auroraSnow.at(x)
	if y > ground-1 {
		snow := hex(0x2f7c86).mix(hex(0x12324a), smooth(0, 58, y-ground+4*math.Sin(x*0.02)))
		snow = snow.mix(hex(0x53c9a8), 0.20*breath*(1-smooth(0, 26, y-ground)))
		c = c.mix(snow, p.edge(y-ground))
	}
	c = cabin(c, x, y, t, p)
	c = lantern(c, x, y, t, walker, p)
	for _, tree := range auroraPines {
		c = c.mix(hex(0x03101c), p.pine(x, y, tree[0], tree[1], tree[2]))
	}
	return c
}

// auroraFace finds the mountain in front at a point: which way it faces there (negative is the dark side, and the
// edge between the sides wanders) and how far below its own outline the point lies.
func auroraFace(x, y float64) (face, below float64) {
	below = y - auroraPeak.at(x)
	for _, m := range auroraTops {
		if h := y - m[1] - math.Abs(x-m[0])*m[2] - 3*noise(x*0.12, 104); h > 0 {
			face, below = (m[0]-x)/(3+(y-m[1])*0.12)+(noise(y*0.12, 103)-0.5)*2, h
		}
	}
	return face, below
}

func cabin(c colour, x, y, t float64, p pen) colour {
	const cx, floor = 344.0, 306.0
	warm := hex(0xffb45a)
	c = c.add(warm, 0.30*glow(x, (y-floor)*2.6, cx-6, 10, 44)*p.edge(y-auroraSnow.at(x)))
	if y < floor-9 {
		drift := (floor - 44 - y) * 0.20
		bend := 5 * math.Sin((floor-y)*0.05-t*0.5) * smooth(0, 60, floor-42-y)
		wide := 1.6 + math.Max(0, drift)*0.5
		smoke := math.Exp(-math.Pow((x-cx-15-drift-bend)/wide, 2)) * smooth(0, 4, floor-44-y) * (1 - smooth(20, 84, floor-42-y))
		c = c.mix(hex(0x9fd6d2), 0.34*smoke)
	}
	dark := hex(0x08131f)
	c = c.mix(dark, p.box(x, y, cx+12, floor-44, cx+18, floor-26))
	c = c.mix(dark, p.box(x, y, cx-24, floor-20, cx+24, floor))
	roof := floor - 40 + math.Abs(x-cx)*0.72
	if math.Abs(x-cx) < 31 {
		c = c.mix(dark, p.edge(y-roof)*p.edge(floor-18-y))
		c = c.mix(hex(0x8fe0cf), 0.9*p.edge(y-roof)*p.edge(roof+3.2-y))
	}
	for _, w := range [...]float64{-14, 8} {
		pane := p.box(x, y, cx+w-5, floor-15, cx+w+5, floor-6)
		cross := math.Max(p.box(x, y, cx+w-0.5, floor-16, cx+w+0.5, floor-5), p.box(x, y, cx+w-6, floor-11, cx+w+6, floor-10.2))
		c = c.mix(hex(0xffcf83), pane*(1-0.8*cross))
		c = c.add(warm, 0.30*glow(x, y, cx+w, floor-10, 12))
	}
	return c
}

func lantern(c colour, x, y, t, at float64, p pen) colour {
	foot := auroraSnow.at(at) + 16
	step := math.Abs(math.Sin(t*3.1)) * 0.9
	if t > 46 || t < 10 {
		step = 0
	}
	body := p.edge(2.5-math.Abs(x-at)*(1+0.05*(y-foot+6))) * p.edge(y-foot+11-step) * p.edge(foot-y)
	c = c.mix(hex(0x050d16), math.Max(body, p.disc(x, y, at, foot-12.6-step, 2.3)))
	lx, ly := at-5.2, foot-5.5-step
	c = c.add(hex(0xffb45a), 0.9*glow(x, y, lx, ly, 1.7)+0.34*glow(x, y, lx, ly, 13)+0.22*glow(x, (y-foot)*2.4, lx, 2, 26))
	return c
}
