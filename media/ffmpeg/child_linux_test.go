package ffmpeg

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// script is a program that stands in for ffmpeg.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ffmpeg")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// parent is a child that has started another and then writes nothing, and the other's process id.
func parent(t *testing.T) (c *Child, sleeper int) {
	t.Helper()
	c, err := launch(script(t, "sleep 600 & echo $!; wait\n"), nil, nil, limits{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.End)
	line := make([]byte, 32)
	n, err := c.Read(line)
	if err == nil {
		sleeper, err = strconv.Atoi(strings.TrimSpace(string(line[:n])))
	}
	if err != nil {
		t.Fatal(err)
	}
	return c, sleeper
}

// gone waits until a process has ended, or only waits to be noted as ended.
func gone(pid string) {
	for {
		if stat, err := os.ReadFile("/proc/" + pid + "/stat"); err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
	}
}

// A child that writes nothing is killed with all that it started.
func TestStall(t *testing.T) {
	c, sleeper := parent(t)
	c.watch = time.Millisecond
	if _, err := c.Read(make([]byte, 32)); !errors.Is(err, ErrStall) {
		t.Errorf("a child that stands still: %v", err)
	}
	gone(strconv.Itoa(sleeper))
}

func TestMemory(t *testing.T) {
	c, err := launch("/bin/sleep", []string{"600"}, nil, limits{memory: 64 << 20, work: 15 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer c.End()
	var is unix.Rlimit
	if err := unix.Prlimit(c.Pid(), unix.RLIMIT_DATA, nil, &is); err != nil || is.Max != 64<<20 {
		t.Errorf("a child may take %d bytes, %v", is.Max, err)
	}
	if err := unix.Prlimit(c.Pid(), unix.RLIMIT_CPU, nil, &is); err != nil || is.Max != 15 {
		t.Errorf("a child may compute %d s, %v", is.Max, err)
	}
}

// A look for which there is no time says nothing of the file.
func TestSlow(t *testing.T) {
	path := script(t, "sleep 600\n")
	if err := os.Rename(path, filepath.Join(filepath.Dir(path), "ffprobe")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(path)+":/bin")
	if _, err := probe(t.Context(), 10*time.Millisecond, "file:film.mkv", nil); !errors.Is(err, ErrSlow) {
		t.Errorf("a look without time: %v", err)
	}
}

// A child that yields is nice, with all that it started.
func TestYield(t *testing.T) {
	c, sleeper := parent(t)
	c.Yield()
	for _, pid := range []int{c.Pid(), sleeper} {
		// The call itself gives 20 less the niceness (getpriority(2), C library/kernel differences).
		if is, err := unix.Getpriority(unix.PRIO_PROCESS, pid); err != nil || 20-is != niceness {
			t.Errorf("process %d has the niceness %d, %v", pid, 20-is, err)
		}
	}
}

// A child dies with us, even if we are killed.
func TestDiesWithUs(t *testing.T) {
	if os.Getenv("WATCHPARTY_PARENT") != "" {
		c, err := launch("/bin/sleep", []string{"600"}, nil, limits{})
		if err != nil {
			t.Fatal(err)
		}
		os.Stdout.WriteString(strconv.Itoa(c.Pid()) + "\n")
		select {}
	}
	parent := exec.Command(os.Args[0], "-test.run=^TestDiesWithUs$")
	parent.Env = append(os.Environ(), "WATCHPARTY_PARENT=1")
	out, err := parent.StdoutPipe()
	if err == nil {
		err = parent.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	said := make([]byte, 32)
	n, err := out.Read(said)
	if err != nil {
		t.Fatal(err)
	}
	parent.Process.Kill()
	parent.Wait()
	gone(strings.TrimSpace(string(said[:n])))
}
