//go:build ignore

package main

import "math"

const (
	deck      = 236.0 // the rails on the viaduct
	lake      = 292.0 // the water line
	carLong   = 64.0
	carCount  = 6
	trainLong = carLong * carCount
)

var trainSky = []stop{{-10, hex(0x080c22)}, {90, hex(0x16204a)}, {165, hex(0x3b3f7c)}, {205, hex(0x93648c)}, {232, hex(0xe39a82)}}

// nightTrain: a lake between hills, a viaduct, and the last train over it, once in each direction.
func nightTrain(t float64, p pen) func(x, y float64) colour {
	head, dir := -1000.0, 1.0
	if t < 31 {
		head = -20 + (t-3)*44
	} else {
		head, dir = 660-(t-35)*44, -1
	}
	above := func(x, y float64) colour {
		c := trainAir(x, y, t, p)
		c = trainLand(c, x, y, t, p)
		return train(c, x, y, head, dir, p)
	}
	return func(x, y float64) colour {
		if y < lake {
			return trainShore(above(x, y), x, y, p)
		}
		depth := y - lake
		wave := math.Sin(depth*0.62-t*1.6+x*0.02)*0.3 + math.Sin(depth*0.27+x*0.03+t*1.1)*0.7
		c := above(x+wave*(0.5+depth*0.035), lake-depth*1.25-0.5+wave*0.5)
		c = c.mix(hex(0x0c1430), 0.30+0.35*smooth(0, 70, depth))
		return trainShore(c, x, y, p)
	}
}

func trainAir(x, y, t float64, p pen) colour {
	c := gradient(y, trainSky)
	if y < 200 {
		c = c.add(colour{1, 0.96, 0.9}, starfield{17, 30}.at(x, y, t, p.px)*(1-smooth(90, 200, y)))
	}
	mx, my := 452.0, 86-t*0.16
	c = c.add(hex(0xcfc4ff), 0.22*glow(x, y, mx, my, 58))
	moon := hex(0xfdf3dc).mix(hex(0xd9cdbd), 0.55*noise(x*0.11+y*0.07, 5)*noise(y*0.13-x*0.04, 6))
	c = c.mix(moon, p.disc(x, y, mx, my, 23))
	if s := t - 31.2; s > 0 && s < 1.1 { // a shooting star between the trains
		along := (x - 150 - s*150) * 0.94
		across := math.Abs((y - 42 - s*52) - (x-150-s*150)*0.34)
		if along < 0 && along > -46 {
			c = c.add(colour{1, 1, 1}, (1+along/46)*clamp(1.1-across)*math.Sin(s/1.1*math.Pi))
		}
	}
	return c
}

var (
	trainFar  = newRidge(func(x float64) float64 { return 226 - 62*fractal(x*0.011+2.1, 3) })
	trainMid  = newRidge(func(x float64) float64 { return 244 - 50*fractal(x*0.015+9.4, 11) + 12*math.Sin(x*0.009) })
	trainNear = newRidge(func(x float64) float64 {
		valley := math.Exp(-math.Pow((x-330)/210, 4))
		return 226 + 58*valley - 18*(1-valley)*fractal(x*0.03, 21)
	})
)

func trainLand(c colour, x, y, t float64, p pen) colour {
	if y < 150 {
		return c
	}
	c = c.mix(hex(0x6a5685).mix(hex(0x93688f), smooth(190, 235, y)), p.edge(y-trainFar.at(x)))
	c = c.mix(hex(0x35366a).mix(hex(0x57487c), smooth(215, 275, y)), p.edge(y-trainMid.at(x)))
	for i := range 14 { // a village going to bed
		wx := 236 + float64(i)*15.5 + 9*hash(i*7+900)
		wy := 219 + 9*hash(i*7+901)
		if wy < trainMid.at(wx)+3 {
			continue
		}
		on := 1 - smooth(0, 0.6, t-6-50*hash(i*7+902))
		c = c.add(hex(0xffc36b), on*(0.9*glow(x, y, wx, wy, 1.1)+0.16*glow(x, y, wx, wy, 5)))
	}
	c = viaduct(c, x, y, p)
	return c.mix(hex(0x151a3d).mix(hex(0x1d2350), smooth(220, 300, y)), p.edge(y-trainNear.at(x)))
}

func viaduct(c colour, x, y float64, p pen) colour {
	if y < deck-1 {
		return c
	}
	const bay = 46.0
	stone := hex(0x1b1f47).mix(hex(0x2c2c5c), smooth(240, 292, y))
	if y < deck+8 {
		return c.mix(stone, p.edge(y-deck))
	}
	in := math.Mod(x+bay*10, bay) - bay/2 // distance from the middle of the arch
	open := p.edge(17.5 - math.Abs(in))
	if y < deck+28 {
		open = p.edge(17.5 - math.Hypot(in, (deck+28-y)*0.95))
	}
	return c.mix(stone, 1-open)
}

// train draws the carriages. head is the front of the engine, dir the way it runs.
func train(c colour, x, y, head, dir float64, p pen) colour {
	if y < deck-40 || y > deck+30 {
		return c
	}
	back := (head - x) * dir // 0 at the front, growing towards the tail
	if back > -150 && back < 0 {
		spread := 2 + -back*0.12
		c = c.add(hex(0xfff0c8), 0.5*math.Exp(back/55)*math.Exp(-math.Pow((y-deck+5+back*0.01)/spread, 2)))
	}
	if back < -12 || back > trainLong+12 {
		return c
	}
	near := smooth(-12, 10, back) * (1 - smooth(trainLong-10, trainLong+12, back))
	c = c.add(hex(0xffb35c), 0.34*near*math.Exp(-math.Pow((y-deck+5)/11, 2)))
	inCar := math.Mod(back, carLong)
	if back < 0 || back > trainLong {
		return c
	}
	roof := deck - 15.0
	if back < 16 { // the engine's nose
		roof += (16 - back) * (16 - back) * 0.045
	}
	body := p.edge(y-roof) * p.edge(deck-1-y) * p.edge(inCar-1) * p.edge(carLong-1-inCar)
	c = c.mix(hex(0x10132f), body)
	c = c.mix(hex(0xa8324a), body*p.box(inCar, y, 0, deck-5.4, carLong, deck-4.2))
	pane := math.Mod(inCar-5, 9.2)
	if inCar > 5 && inCar < 59 && back > 14 {
		n := int(back/9.2) + 40
		lit := 0.75 + 0.25*hash(n)
		if hash(n+500) < 0.12 {
			lit = 0.15
		}
		c = c.mix(hex(0xffd992).dim(lit), p.box(pane, y, 0.6, deck-12, 7.2, deck-6.8))
	}
	return c
}

func trainShore(c colour, x, y float64, p pen) colour {
	if y < 180 {
		return c
	}
	dark := hex(0x070a1c)
	bank := 356 - 40*math.Exp(-math.Pow((x+10)/120, 2)) - 52*math.Exp(-math.Pow((x-665)/150, 2)) + 3*math.Sin(x*0.13)
	c = c.mix(dark, p.edge(y-bank))
	for _, tree := range [...][3]float64{{16, 330, 118}, {48, 334, 82}, {-6, 330, 96}, {78, 340, 54}, {606, 326, 128}, {570, 330, 88}, {636, 326, 104}, {541, 336, 58}, {516, 344, 38}} {
		c = c.mix(dark, p.pine(x, y, tree[0], tree[1], tree[2]))
	}
	return c
}
