package ffmpeg

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTasksOfGroup(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"pids.max": "400\n", "docker/pids.max": "max\n", "docker/a/pids.max": "64\n", "pids/pids.max": "max\n", "pids/old/b/pids.max": "32\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for groups, want := range map[string]int{
		"":                                 0,
		"0::/\n":                           400,
		"0::/docker\n":                     400,
		"0::/docker/a\n":                   64,
		"0::/not/seen/from/here\n":         400,
		"4:memory:/docker/a\n2:pids:/\n":   0,
		"8:pids:/old/b\n0::/elsewhere\n":   32,
		"8:pids:/old/b/c\n3:cpu,cpuacct:/": 32,
		"0::/../../etc\n":                  400,
	} {
		if got := tasksOfGroup(root, groups); got != want {
			t.Errorf("%q: %d, want %d", groups, got, want)
		}
	}
}
