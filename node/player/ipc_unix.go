//go:build unix

package player

import (
	"net"
	"os"
	"path/filepath"
)

// maxSocket is how long a Unix socket's path may be: sun_path has 104 bytes on
// macOS and the BSDs, 108 on Linux, with a zero at the end.
const maxSocket = 103

// socketPath is where mpv is to listen: in the data folder, or where that path would
// be too long, in a private folder that is gone afterwards.
func socketPath(data string) (path string, tidy func(), err error) {
	path, err = filepath.Abs(filepath.Join(data, "mpv.sock"))
	tidy = func() { os.Remove(path) }
	if err == nil && len(path) > maxSocket {
		var dir string
		if dir, err = os.MkdirTemp("", "wp-"); err != nil {
			return "", nil, err
		}
		path = filepath.Join(dir, "mpv.sock")
		tidy = func() { os.RemoveAll(dir) }
	}
	if err != nil {
		return "", nil, err
	}
	os.Remove(path) // of a node that was killed
	return path, tidy, nil
}

func dialPipe(path string) (pipe, error) { return net.Dial("unix", path) }
