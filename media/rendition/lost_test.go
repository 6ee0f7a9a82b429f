//go:build long && linux

package rendition

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// needRoot wants to mount a disk of its own; a test without that is skipped, and fails in CI.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		if os.Getenv("CI") == "true" {
			t.Fatal("not root, to mount a disk")
		}
		t.Skip("not root, to mount a disk")
	}
}

// TestDiskBreaks: a disk that breaks while a child works ends it with an error, and what the child would fill
// the hole with, its last picture again and again, is not kept. On another disk the film goes on.
func TestDiskBreaks(t *testing.T) {
	s, fresh := studio(t, 1<<30), studio(t, 1<<30)
	needRoot(t)
	image, at := filepath.Join(t.TempDir(), "disk"), t.TempDir()
	sh := func(script string) {
		t.Helper()
		if out, err := exec.Command("sh", "-ec", script, "sh", image, at, filepath.Join(made, "long.mp4")).CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
	}
	t.Cleanup(func() { unix.Unmount(at, unix.MNT_DETACH) })
	sh(`truncate -s 64M "$1"; mkfs.ext4 -q "$1"; mount -o loop "$1" "$2"; cp "$3" "$2"; umount "$2"; cp "$1" "$1-again"; mount -o loop "$1" "$2"`)
	src := Source{Key: "x", Open: func() (*os.File, error) { return os.Open(filepath.Join(at, "long.mp4")) }}
	open := func(n int) ([]byte, error) {
		p, err := s.Open(t.Context(), src, fmt.Sprintf("720/%d.m4s", n))
		if err != nil {
			return nil, err
		}
		defer p.Close()
		return io.ReadAll(p)
	}
	if _, err := open(0); err != nil {
		t.Fatal(err)
	}
	dir, err := os.Open(at)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(dir.Fd()), 0x8004587d, 2) // EXT4_IOC_SHUTDOWN, at once
		dir.Close()
	}
	if err != nil {
		t.Fatalf("break the disk: %v", err)
	}
	n := 1
	for ; n < 75; n++ { // what was read before may well be made
		if _, err = open(n); err != nil {
			break
		}
	}
	if !errors.Is(err, errLost) {
		t.Errorf("from a broken disk: %v", err)
	}
	sh(`umount -l "$2"; mount -o loop "$1-again" "$2"`)
	for last := max(1, n-3); last <= n; last++ {
		piece, err := open(last)
		whole := get(t, fresh, "long.mp4", fmt.Sprintf("720/%d.m4s", last))
		if err != nil || len(piece) < len(whole)/2 {
			t.Errorf("segment %d of %d: %d bytes, where a good disk gives %d (%v)", last, n, len(piece), len(whole), err)
		}
	}
}
