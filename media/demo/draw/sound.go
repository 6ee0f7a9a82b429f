//go:build ignore

package main

import (
	"encoding/binary"
	"io"
	"math"
)

const samples = 32000 // a second

// A synth remembers what its oscillators and filters need from sample to sample.
type synth struct {
	low, lower float64 // two one-pole low-passes over white noise
	seed       uint32
}

func (s *synth) noise(cut float64) float64 {
	s.seed = s.seed*1664525 + 1013904223
	white := float64(s.seed)/math.MaxUint32*2 - 1
	s.low += (white - s.low) * cut
	s.lower += (s.low - s.lower) * cut
	return s.lower
}

// pad plays chords, each for eight seconds and blended over two, as soft detuned sines. Notes are semitones from A3.
func pad(t float64, chords [][]float64) float64 {
	const hold = 8.0
	play := func(n int, level float64) float64 {
		sum := 0.0
		for i, note := range chords[n%len(chords)] {
			f := 220 * math.Pow(2, note/12)
			slow := 0.75 + 0.25*math.Sin(t*0.7+float64(i)*1.9)
			sum += slow * (math.Sin(2*math.Pi*f*t) + 0.6*math.Sin(2*math.Pi*f*1.003*t+1) + 0.18*math.Sin(4*math.Pi*f*t))
		}
		return sum * level / 8
	}
	n := int(t / hold)
	blend := smooth(hold-2, hold, t-float64(n)*hold)
	return play(n, math.Cos(blend*math.Pi/2)) + play(n+1, math.Sin(blend*math.Pi/2))
}

func trainSound(t float64, s *synth) float64 {
	pass := math.Exp(-math.Pow((t-11.5)/7, 2)) + math.Exp(-math.Pow((t-43.5)/7, 2))
	rumble := s.noise(0.03) * 1.7 * pass * (0.8 + 0.2*math.Sin(t*2*math.Pi*2.4))
	return 0.15*pad(t, [][]float64{{-24, -12, -5, 3, 10}, {-28, -16, -9, 3, 7}, {-21, -9, -2, 3, 10}, {-26, -14, -5, 2, 5}}) + rumble
}

func auroraSound(t float64, s *synth) float64 {
	shimmer := 0.012 * math.Sin(2*math.Pi*1760*t) * math.Pow(noise(t*1.7, 3), 4)
	return 0.16*pad(t, [][]float64{{-24, -12, 0, 7, 11}, {-20, -8, -1, 4, 11}, {-19, -7, 0, 5, 9}, {-17, -5, 2, 7, 11}}) + shimmer + 0.10*s.noise(0.02)
}

func harbourSound(t float64, s *synth) float64 {
	wave := math.Pow(0.5+0.5*math.Sin(t*2*math.Pi/7.5), 2)
	horn := 0.0
	if h := math.Mod(t, 24) - 14; h > 0 && h < 2.5 {
		horn = 0.05 * math.Sin(h/2.5*math.Pi) * (math.Sin(2*math.Pi*110*t) + 0.5*math.Sin(2*math.Pi*165*t))
	}
	return 0.13*pad(t, [][]float64{{-22, -10, -3, 2, 9}, {-24, -12, -5, 4, 7}, {-19, -7, 0, 5, 9}, {-17, -5, 2, 7, 9}}) + s.noise(0.06)*(0.12+0.30*wave) + horn
}

func rainSound(t float64, s *synth) float64 {
	return 0.13*pad(t, [][]float64{{-21, -9, 0, 3, 7}, {-26, -14, -3, 2, 5}, {-28, -16, -4, 0, 3}, {-23, -11, -1, 2, 6}}) + s.noise(0.22)*0.10*(0.8+0.2*noise(t*0.6, 9))
}

func snowSound(t float64, s *synth) float64 {
	return 0.15*pad(t, [][]float64{{-21, -9, 3, 7, 10}, {-17, -5, 2, 7, 14}, {-24, -12, 0, 4, 12}, {-19, -7, 5, 9, 12}}) + 0.05*s.noise(0.03)
}

// click is a wooden tick that begins at the very sample at which a second begins.
func click(n int) float64 {
	t := float64(n%samples) / samples
	if t > 0.03 {
		return 0
	}
	attack := math.Min(1, t*samples/4)
	return 0.30 * attack * math.Exp(-t*220) * math.Sin(2*math.Pi*1600*t)
}

func writeSound(out io.Writer, f film) error {
	s := &synth{seed: 7}
	end := float64(f.seconds)
	buf := make([]byte, 2)
	for n := range f.seconds * samples {
		t := float64(n) / samples
		fade := smooth(0, 2, t) * (1 - smooth(end-3, end, t))
		v := f.sound(t, s)*fade + click(n)
		binary.LittleEndian.PutUint16(buf, uint16(int16(math.Max(-1, math.Min(1, v))*32000)))
		if _, err := out.Write(buf); err != nil {
			return err
		}
	}
	return nil
}
