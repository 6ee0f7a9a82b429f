package scan

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"watchparty/media/ffmpeg"
)

// maxIndex bounds the index that is read, in bytes.
const maxIndex = 64 << 20

// An index remembers the files that were looked into.
type index struct {
	Version int             `json:"version"`
	Files   map[string]seen `json:"files"`
}

// seen is what is known of a file while its size and time stay the same.
type seen struct {
	Size   int64         `json:"size"`
	Time   time.Time     `json:"time"`
	Length time.Duration `json:"length,omitempty"` // of the film; 0: not known
	Tags   ffmpeg.Tags   `json:"tags,omitzero"`    // of music
	Code   string        `json:"code,omitempty"`   // why it is no title
	Why    string        `json:"why,omitempty"`
	Listed bool          `json:"listed,omitempty"` // it was in the catalog
	Blind  bool          `json:"blind,omitempty"`  // it could not be looked into; try again
}

// same tells whether it is the same file by size and time.
func (s seen) same(other seen) bool { return s.Size == other.Size && s.Time.Equal(other.Time) }

// IndexOf is where the index of a catalog file lies: in the user's folder for what can be made
// again.
func IndexOf(catalog string) (string, error) {
	cache, err := os.UserCacheDir()
	if err == nil {
		catalog, err = filepath.Abs(catalog)
	}
	if err != nil {
		return "", fmt.Errorf("find the index: %w", err)
	}
	name := sha256.Sum256([]byte(catalog))
	return filepath.Join(cache, "watchparty", "scan", hex.EncodeToString(name[:8])+".json"), nil
}

// readIndex reads an index; one that cannot be read is empty, and made anew.
func readIndex(path string) index {
	i := index{Files: map[string]seen{}}
	if info, err := os.Stat(path); err != nil || info.Size() > maxIndex || !info.Mode().IsRegular() {
		return i
	}
	b, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(b, &i) != nil || i.Version != 1 || i.Files == nil {
		return index{Files: map[string]seen{}}
	}
	return i
}

// write keeps the index. Whoever cannot write it only scans slower the next time.
func (i index) write(path string) error {
	i.Version = 1
	b, err := json.Marshal(i)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		err = replace(path, b, 0o600)
	}
	if err != nil {
		return fmt.Errorf("write the index: %w", err)
	}
	return nil
}

// replace writes a file whole or not at all.
func replace(path string, data []byte, mode os.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".watchparty-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
