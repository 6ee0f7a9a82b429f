//go:build ignore

package main

import "math"

// colour is red, green, blue, each 0 to 1, as the screen shows it.
type colour struct{ r, g, b float64 }

func hex(v uint32) colour {
	return colour{float64(v>>16&255) / 255, float64(v>>8&255) / 255, float64(v&255) / 255}
}

func (c colour) mix(d colour, a float64) colour {
	return colour{c.r + (d.r-c.r)*a, c.g + (d.g-c.g)*a, c.b + (d.b-c.b)*a}
}

func (c colour) add(d colour, a float64) colour {
	return colour{c.r + d.r*a, c.g + d.g*a, c.b + d.b*a}
}

func (c colour) dim(a float64) colour { return colour{c.r * a, c.g * a, c.b * a} }

func clamp(v float64) float64 { return math.Max(0, math.Min(1, v)) }

func smooth(from, to, v float64) float64 {
	v = clamp((v - from) / (to - from))
	return v * v * (3 - 2*v)
}

// A stop is one colour of a vertical gradient.
type stop struct {
	y float64
	c colour
}

func gradient(y float64, stops []stop) colour {
	for i := 1; i < len(stops); i++ {
		if y < stops[i].y {
			return stops[i-1].c.mix(stops[i].c, smooth(stops[i-1].y, stops[i].y, y))
		}
	}
	return stops[len(stops)-1].c
}

// A pen knows how large a pixel is in scene units, so that edges are one pixel soft at any size.
type pen struct{ px float64 }

func (p pen) edge(distance float64) float64 { return clamp(distance/p.px + 0.5) }

func (p pen) box(x, y, x0, y0, x1, y1 float64) float64 {
	if x < x0-1 || x > x1+1 || y < y0-1 || y > y1+1 {
		return 0
	}
	return p.edge(x-x0) * p.edge(x1-x) * p.edge(y-y0) * p.edge(y1-y)
}

func (p pen) disc(x, y, cx, cy, r float64) float64 {
	dx, dy := x-cx, y-cy
	if math.Abs(dx) > r+2 || math.Abs(dy) > r+2 {
		return 0
	}
	return p.edge(r - math.Hypot(dx, dy))
}

// pine is a fir tree standing at cx, base.
func (p pen) pine(x, y, cx, base, high float64) float64 {
	up := (base - y) / high
	if up < 0 || up > 1.02 || math.Abs(x-cx) > high*0.3 {
		return 0
	}
	if up < 0.08 {
		return p.edge(high*0.025 - math.Abs(x-cx))
	}
	step := math.Mod(up*6.5, 1)
	return p.edge(high*0.27*(1.02-up)*(1-0.42*step) - math.Abs(x-cx) + 0.4*math.Sin(up*57+cx))
}

// glow falls off softly around a light.
func glow(x, y, cx, cy, r float64) float64 {
	dx, dy := x-cx, y-cy
	q := (dx*dx + dy*dy) / (r * r)
	if q > 9 {
		return 0
	}
	return math.Exp(-q) - math.Exp(-9)
}

func hash(n int) float64 {
	v := uint32(n)*2654435761 + 374761393
	v = (v ^ v>>15) * 2246822519
	v = (v ^ v>>13) * 3266489917
	return float64(v^v>>16) / math.MaxUint32
}

func noise(x float64, seed int) float64 {
	i := math.Floor(x)
	a, b := hash(int(i)+seed*7919), hash(int(i)+1+seed*7919)
	f := x - i
	return a + (b-a)*f*f*(3-2*f)
}

func fractal(x float64, seed int) float64 {
	sum, size := 0.0, 0.5
	for range 5 {
		sum += noise(x, seed) * size
		x, size, seed = x*2.03, size*0.5, seed+1
	}
	return sum
}

// A ridge is a skyline, worked out once: its height at each quarter unit across the scene.
type ridge []float64

const ridgeMargin = 40

func newRidge(height func(x float64) float64) ridge {
	r := make(ridge, (sceneWide+2*ridgeMargin)*4)
	for i := range r {
		r[i] = height(float64(i)/4 - ridgeMargin)
	}
	return r
}

func (r ridge) at(x float64) float64 {
	f := (x + ridgeMargin) * 4
	i := max(0, min(len(r)-2, int(f)))
	f = clamp(f - float64(i))
	return r[i] + (r[i+1]-r[i])*f
}

// starfield keeps the stars in cells, so that a pixel looks at one cell only.
type starfield struct{ seed, share int }

func (s starfield) at(x, y, t, px float64) float64 {
	const cell = 13.0
	cx, cy := math.Floor(x/cell), math.Floor(y/cell)
	n := int(cx)*131 + int(cy)*7177 + s.seed
	if hash(n) > float64(s.share)/100 {
		return 0
	}
	sx, sy := (cx+0.2+0.6*hash(n+1))*cell, (cy+0.2+0.6*hash(n+2))*cell
	size := 0.45 + 0.5*hash(n+3)*hash(n+4)
	twinkle := 0.8 + 0.2*math.Sin(t*(0.4+hash(n+5))+hash(n+6)*6)
	size = math.Max(size, px*0.5)
	return glow(x, y, sx, sy, size) * (0.35 + 0.65*hash(n+7)) * twinkle
}
