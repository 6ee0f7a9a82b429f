//go:build unix

package media

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestFolderCannotBeLeft(t *testing.T) {
	dir := t.TempDir()
	library := filepath.Join(dir, "library")
	write(t, filepath.Join(library, "in.mp4"), "inside")
	write(t, filepath.Join(library, "sub", "in.mp4"), "inside too")
	write(t, filepath.Join(library, `sub\in.mp4`), "means another file elsewhere")
	write(t, filepath.Join(library, "C:in.mp4"), "likewise")
	write(t, filepath.Join(dir, "secret.mp4"), "secret")
	for link, to := range map[string]string{
		"good.mp4": "sub/in.mp4", "out.mp4": "../secret.mp4", "absolute.mp4": filepath.Join(dir, "secret.mp4"),
		"loop.mp4": "loop.mp4", "folder": "..", "device.mp4": "/dev/zero",
	} {
		if err := os.Symlink(to, filepath.Join(library, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(library, "fifo.mp4"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := folder(t, library)
	for _, name := range []string{
		"", ".", "..", "../secret.mp4", "sub/../../secret.mp4", "/etc/passwd", filepath.Join(dir, "secret.mp4"),
		"out.mp4", "absolute.mp4", "loop.mp4", "folder/secret.mp4", "device.mp4", "fifo.mp4", "sub", "sub/", "in.mp4/",
		"in.mp4\x00", "in.mp4\x00.jpg", `..\secret.mp4`, `sub\in.mp4`, "C:/secret.mp4", "C:in.mp4", "//in.mp4", "sub//in.mp4",
		"./in.mp4", strings.Repeat("a/", 3000) + "in.mp4", "none.mp4",
	} {
		start := time.Now()
		if file, err := f.Open(name); err == nil {
			file.Close()
			t.Errorf("%q was opened", name)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("%q took %v", name, took)
		}
	}
	for name, want := range map[string]string{"in.mp4": "inside", "good.mp4": "inside too", "sub/in.mp4": "inside too"} {
		file, err := f.Open(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		b := make([]byte, 100)
		if n, err := file.Read(b); string(b[:n]) != want {
			t.Errorf("%s: %q, %v", name, b[:n], err)
		}
		file.Close()
	}
}

func TestFileReplacedWhileOpen(t *testing.T) {
	const size = 100_000
	mine, theirs := strings.Repeat("mine", size), strings.Repeat("theirs", size)
	for name, replace := range map[string]func(path string) error{
		"renamed over":     func(path string) error { write(t, path+".new", theirs); return os.Rename(path+".new", path) },
		"written in place": func(path string) error { return os.WriteFile(path, []byte(theirs), 0o600) },
		"cut":              func(path string) error { return os.Truncate(path, 10) },
	} {
		t.Run(name, func(t *testing.T) {
			l, _, _, dir := shelf(t)
			path := filepath.Join(dir, "open.mp4")
			write(t, path, mine)
			file, err := open(t, l, "open", from("FR")).File()
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			tag := file.Info().ETag
			var got strings.Builder
			b := make([]byte, 4096)
			for i := 0; ; i++ {
				n, err := file.Read(b)
				got.Write(b[:n])
				if err != nil {
					break
				}
				if i == 3 {
					if err := replace(path); err != nil {
						t.Fatal(err)
					}
				}
			}
			if !strings.HasPrefix(mine, got.String()) {
				t.Error("bytes of the other file came through")
			}
			if whole := got.Len() == len(mine); whole != (name == "renamed over") {
				t.Errorf("read %d bytes of %d", got.Len(), len(mine))
			}
			again, err := open(t, l, "open", from("FR")).File()
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			if again.Info().ETag == tag {
				t.Error("other bytes have the same tag")
			}
		})
	}
}

func TestDiskGoesAndComesBack(t *testing.T) {
	l, _, _, dir := shelf(t)
	offline := func() (n int) {
		list, err := l.Titles(t.Context(), from("FR"), "en")
		if err != nil || len(list) != 5 {
			t.Fatalf("%d titles: %v", len(list), err)
		}
		for _, title := range list {
			if title.Offline {
				n++
			}
		}
		return n
	}
	if n := offline(); n != 0 {
		t.Errorf("%d titles are offline at the start", n)
	}
	if err := errors.Join(os.CopyFS(dir+".back", os.DirFS(dir)), os.RemoveAll(dir)); err != nil {
		t.Fatal(err)
	}
	if n := offline(); n != 3 { // all that this guest may watch
		t.Errorf("%d titles are offline without the folder", n)
	}
	write(t, filepath.Join(dir, "other"), "an empty mount point")
	if n := offline(); n != 3 { // all that this guest may watch
		t.Errorf("%d titles are offline without the disk", n)
	}
	if _, err := open(t, l, "open", from("FR")).File(); code(err) != CodeGone {
		t.Errorf("without the disk: %v", err)
	}
	if err := errors.Join(os.RemoveAll(dir), os.Rename(dir+".back", dir)); err != nil {
		t.Fatal(err)
	}
	file, err := open(t, l, "open", from("FR")).File()
	if got := content(t, file, err); got != "the film open" {
		t.Errorf("the disk is back: %q", got)
	}
	if n := offline(); n != 0 {
		t.Errorf("%d titles are offline with the disk back", n)
	}
}
