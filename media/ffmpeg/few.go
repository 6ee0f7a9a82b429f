package ffmpeg

import (
	"runtime"
	"sync"
)

// Few tells whether we and our children may have so few processes and threads in all that children cannot be as they like: in a
// container with a limit of its own, under systemd's TasksMax or ulimit -u. Then a child has one thread for each thing it does, and
// whoever runs children should run few at once: a Go program that gets no thread any more ends there and then.
func Few() bool { return few() }

var few = sync.OnceValue(func() bool {
	n := tasks()
	// A child that encodes takes some four threads for each core, and there is one for every two cores.
	return n > 0 && n < 128+64*runtime.NumCPU()
})

// spare is how many threads we keep for ourselves, so that children cannot take the last ones.
const spare = 12

// KeepThreads has the Go runtime start some threads now. It ends none, and so has them when it needs one later.
func KeepThreads() {
	var here, gone sync.WaitGroup
	here.Add(spare)
	for range spare {
		gone.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			here.Done()
			here.Wait() // each holds a thread of its own
		})
	}
	gone.Wait()
}

// looks is what a look into a film waits for, where there may only be one at a time.
var looks = NewPool(1)

// thin are the options of an input or an output that keep a child small where it has to be.
func thin() []string {
	if !few() {
		return nil
	}
	return []string{"-threads", "1"}
}

// thinFilters are those of the whole child.
func thinFilters() []string {
	if !few() {
		return nil
	}
	return []string{"-filter_threads", "1", "-filter_complex_threads", "1"}
}
