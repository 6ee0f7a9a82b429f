//go:build long && linux

package nodetest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// An idle hour may cost a card so much.
const (
	idleFlushes = 60
	idleBytes   = 1 << 20
)

// deviceWrote is what a mounted device has been told to write, in bytes, and how often to flush (the kernel's
// Documentation/block/stat.rst).
func deviceWrote(t testing.TB, at string) (bytes, flushes int) {
	t.Helper()
	var s unix.Stat_t
	err := unix.Stat(at, &s)
	var b []byte
	if err == nil {
		b, err = os.ReadFile(fmt.Sprintf("/sys/dev/block/%d:%d/stat", unix.Major(s.Dev), unix.Minor(s.Dev)))
	}
	var f [16]int
	for i, word := range strings.Fields(string(b)) {
		if i < len(f) {
			fmt.Sscan(word, &f[i])
		}
	}
	if err != nil || f[15] == 0 {
		t.Fatalf("%v: %s", err, b)
	}
	return f[6] * 512, f[15]
}

// TestIdle: while two guests sit and nothing happens, the host leaves its disk alone.
func TestIdle(t *testing.T) {
	t.Parallel()
	tools(t, "mkfs.ext4", "mount")
	image, at := filepath.Join(t.TempDir(), "disk"), t.TempDir()
	command(t, "truncate -s 64M "+image)
	command(t, "mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 "+image)
	needDisk(t, "-o", "loop", image, at)
	_, h := loaded(t, filepath.Join(at, "data"))
	h.Guest("Ann")
	join(t, "", "Den", h.Ready.Invite)
	rest := func() (bytes, flushes int) { // what was written before is on the disk
		d, err := os.Open(at)
		if err == nil {
			err = unix.Syncfs(int(d.Fd()))
			d.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		return deviceWrote(t, at)
	}
	bytes, flushes := rest()
	const lasts = 2 * time.Minute
	<-time.After(lasts)
	_, after := deviceWrote(t, at)
	written, _ := rest()
	written, after = (written-bytes)*int(time.Hour/lasts), (after-flushes)*int(time.Hour/lasts)
	t.Logf("in an idle hour: %d flushes, %d kB", after, written>>10)
	if after > idleFlushes || written > idleBytes {
		t.Errorf("an idle hour takes %d flushes and %d kB, more than %d and %d", after, written>>10, idleFlushes, idleBytes>>10)
	}
}
