//go:build ignore

// Draw makes the pictures and sounds of the demo films. make.sh runs it and hands what it writes to ffmpeg.
//
//	draw film ID      raw rgb24 frames, 640×360, 24 a second
//	draw poster ID    one raw rgb24 frame, 400×600
//	draw still ID SEC one raw rgb24 frame, 640×360
//	draw sound ID     raw signed 16-bit mono samples, 32000 a second
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
)

const (
	sceneWide, sceneHigh = 640, 360 // the scene's units are the film's pixels
	rate                 = 24       // frames a second
)

// A film draws any point of its scene at any moment. Points outside the frame are drawn too.
type film struct {
	seconds int
	// shader is asked once a frame and its answer once a pixel, from several goroutines.
	shader func(t float64, p pen) func(x, y float64) colour
	// focus and moment are the centre and time of the poster.
	focus, moment float64
	sound         func(t float64, s *synth) float64
}

var films = map[string]film{
	"night-train":        {60, nightTrain, 372, 16.6, trainSound},
	"aurora":             {60, aurora, 330, 21, auroraSound},
	"harbour-lights":     {60, harbour, 470, 24.55, harbourSound},
	"small-hours-s01e01": {60, smallHours(false), 478, 32.6, rainSound},
	"small-hours-s01e02": {60, smallHours(true), 300, 30, snowSound},
}

func paint(shade func(x, y float64) colour, wide, high int, left, px float64) []byte {
	out := make([]byte, wide*high*3)
	var rows sync.WaitGroup
	workers := runtime.NumCPU()
	for w := range workers {
		rows.Go(func() {
			for y := w; y < high; y += workers {
				for x := range wide {
					c := shade(left+(float64(x)+0.5)*px, (float64(y)+0.5)*px)
					o := out[(y*wide+x)*3:]
					o[0], o[1], o[2] = eight(c.r), eight(c.g), eight(c.b)
				}
			}
		})
	}
	rows.Wait()
	return out
}

func eight(v float64) byte { return byte(clamp(v)*255 + 0.5) }

func run(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("usage: draw film|poster|still|sound ID [SECOND]")
	}
	f, ok := films[args[1]]
	if !ok {
		return fmt.Errorf("no film is called %s", args[1])
	}
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	switch args[0] {
	case "film":
		for n := range f.seconds * rate {
			shade := f.shader(float64(n)/rate, pen{1})
			if _, err := out.Write(paint(shade, sceneWide, sceneHigh, 0, 1)); err != nil {
				return err
			}
		}
	case "still":
		t, _ := strconv.ParseFloat(args[2], 64)
		out.Write(paint(f.shader(t, pen{1}), sceneWide, sceneHigh, 0, 1))
	case "poster":
		const px = sceneHigh / 600.0
		out.Write(paint(f.shader(f.moment, pen{px}), 400, 600, f.focus-200*px, px))
	case "sound":
		return writeSound(out, f)
	}
	return nil
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "draw:", err)
		os.Exit(1)
	}
}
