//go:build long && linux

package nodetest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// needDisk mounts a small disk for a test: a file system in memory, or one in a file.
func needDisk(t *testing.T, args ...string) {
	t.Helper()
	Need(t, os.Geteuid() == 0, "root, to mount disks of a test's own")
	at := args[len(args)-1]
	out, err := exec.Command("mount", args...).CombinedOutput()
	Need(t, err == nil, "mount "+strings.Join(args, " ")+": "+string(out))
	t.Cleanup(func() { unix.Unmount(at, unix.MNT_DETACH) })
}

// breakDisk has a file system answer everything with an I/O error, as when its disk is pulled out.
func breakDisk(t *testing.T, at string) {
	t.Helper()
	const shutdown, atOnce = 0x8004587d, 2 // EXT4_IOC_SHUTDOWN, EXT4_GOING_FLAGS_NOLOGFLUSH
	dir, err := os.Open(at)
	if err == nil {
		err = unix.IoctlSetPointerInt(int(dir.Fd()), shutdown, atOnce)
		dir.Close()
	}
	if err != nil {
		t.Fatalf("break the disk: %v", err)
	}
}

// TestDiskUnplugged: the library's disk answers with errors, is pulled out, and comes back.
// Everybody reads one sentence, the party lives, and the film goes on by itself, at the
// place where the party is.
func TestDiskUnplugged(t *testing.T) {
	silentMPV(t)
	films := library(t, "long.mkv", "plain.mp4")
	image, at := filepath.Join(t.TempDir(), "disk"), t.TempDir()
	if out, err := exec.Command("sh", "-c", `truncate -s 64M "$1" && mkfs.ext4 -q "$1"`, "sh", image).CombinedOutput(); err != nil {
		t.Fatalf("make a disk: %v %s", err, out)
	}
	needDisk(t, "-o", "loop", image, at)
	for _, name := range []string{"long.mkv", "plain.mp4"} {
		if out, err := exec.Command("cp", filepath.Join(films, name), at).CombinedOutput(); err != nil {
			t.Fatalf("%v %s", err, out)
		}
	}
	if err := unix.Unmount(at, 0); err != nil { // so that nothing stays in memory
		t.Fatal(err)
	}
	again := image + "-again" // another device: the kernel keeps one that broke for as long as anybody has a file of it open
	if out, err := exec.Command("cp", image, again).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	needDisk(t, "-o", "loop", image, at)
	h := Host(t, shelve(t, at, shelved{file: "long.mkv"}, shelved{file: "plain.mp4"}))
	b := Chromium(t)
	page, desk := b.Open(h.Ready.Invite, Small), b.Open(h.Ready.Desk, Small)
	page.Enter("Your name", "Sofa", "Join")
	boss, den := h.Boss(), newCinema(h, "Den", "")
	boss.Must(party.Cue{Title: "long-mkv", Play: true})
	page.Until("the film", playing+` && v.currentTime > 0.5`)
	den.follows("the film")

	breakDisk(t, at)
	boss.Must(party.Seek{Position: party.At(9000)})
	const sentence = `.includes('cannot be read at the moment; the host can check the disk')`
	for _, p := range []*Page{page, desk} {
		p.Until("the sentence", overFilm+sentence)
	}
	boss.Must(party.Say{Text: "who pulled that"})
	page.Until("the chat", `document.querySelector('[role=log]').textContent.includes('who pulled that')`)
	if err := unix.Unmount(at, unix.MNT_DETACH); err != nil {
		t.Fatal(err)
	}
	desk.Until("the desk to tell of it", atDesk+`.includes('cannot be read: look at the disk it lies on.')`)
	page.Until("the title to be offline", `fetch('/api/titles').then(r => r.json()).then(l => l.every(t => t.offline && t.code === 'WP-MEDIA-GONE'))`)
	page.Until("the sentence", overFilm+sentence)
	keepPictures(t, map[string]*Page{"unplugged": page, "unplugged-desk": desk})

	needDisk(t, "-o", "loop", again, at)
	for _, p := range []*Page{page, desk} {
		p.Until("the film by itself", playing+` && v.currentTime > 9000 && Math.abs(window.watchparty.position - v.currentTime) < 0.2`)
	}
	den.follows("the film by itself")
}

// TestCacheDiskFull: what was converted makes room for what is wanted now; where the disk is
// full of other things everybody reads so, and the film goes on by itself once there is room.
func TestCacheDiskFull(t *testing.T) {
	t.Parallel()
	films := library(t, "long.mkv", "plain.mp4", "old.avi")
	data := t.TempDir()
	cache := filepath.Join(data, "renditions")
	if err := os.Mkdir(cache, 0o700); err != nil {
		t.Fatal(err)
	}
	needDisk(t, "-t", "tmpfs", "-o", "size=1m", "none", cache)
	h := Host(t, shelve(t, films, shelved{file: "old.avi"}), func(c *node.HostConfig) { c.Data = data })
	b := Chromium(t)
	page, desk := b.Open(h.Ready.Invite, Small), b.Open(h.Ready.Desk, Small)
	page.Enter("Your name", "Sofa", "Join")
	boss := h.Boss()
	boss.Must(party.Cue{Title: "old-avi", Play: true})
	page.Until("more film than there is room for", playing+` && v.currentTime > 8`)
	boss.Must(party.Seek{Position: party.At(1)})
	page.Until("the beginning again", playing+` && v.currentTime < 4`)
	boss.Must(party.Pause{})

	old, err := filepath.Glob(filepath.Join(cache, "*"))
	if err != nil || len(old) == 0 {
		t.Fatalf("%v: %v", old, err)
	}
	for _, dir := range old {
		os.RemoveAll(dir)
	}
	ballast := filepath.Join(cache, "ballast")
	exec.Command("dd", "if=/dev/zero", "of="+ballast, "bs=4k").Run() // until the disk is full
	boss.Must(party.Seek{Position: party.At(18)})
	boss.Must(party.Play{})
	page.Until("the sentence", overFilm+`.includes('disk is full')`)
	desk.Until("the desk to tell of it", atDesk+`.includes('This machine’s disk is full: free some space, and all goes on.')`)
	boss.Must(party.Say{Text: "I will tidy up"})
	page.Until("the chat", `document.querySelector('[role=log]').textContent.includes('I will tidy up')`)
	keepPictures(t, map[string]*Page{"full": page})
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	boss.Must(party.Seek{Position: party.At(14)})
	page.Until("the film by itself", playing+` && Math.abs(window.watchparty.position - v.currentTime) < 0.2`)
}
