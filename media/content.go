package media

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
)

// The types that are served, by the ending of the file's name. What is not here is not served:
// a browser must never be talked into running a library file as a page.
var (
	films = map[string]string{
		".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".mkv": "video/matroska", ".mov": "video/quicktime",
		".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".flac": "audio/flac", ".ogg": "audio/ogg", ".opus": "audio/ogg",
		// No browser reads these as they are; mpv does, and what the host makes of them all do.
		".mk3d": "video/matroska", ".avi": "video/x-msvideo", ".divx": "video/x-msvideo", ".ogv": "video/ogg", ".3gp": "video/3gpp",
		".ts": "video/mp2t", ".m2ts": "video/mp2t", ".mts": "video/mp2t", ".mpg": "video/mpeg", ".mpeg": "video/mpeg", ".vob": "video/mpeg",
		".wmv": "video/x-ms-wmv", ".asf": "video/x-ms-asf", ".flv": "video/x-flv", ".aac": "audio/aac", ".wav": "audio/wav", ".wma": "audio/x-ms-wma",
		".mka": "audio/x-matroska", ".ac3": "audio/ac3", ".eac3": "audio/eac3", ".dts": "audio/vnd.dts", ".aif": "audio/aiff", ".aiff": "audio/aiff",
	}
	posters = map[string]string{
		".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp",
	}
)

func typeOf(name string, types map[string]string) (string, error) {
	if kind, ok := types[strings.ToLower(path.Ext(name))]; ok {
		return kind, nil
	}
	return "", fmt.Errorf("%s: not a type of file that is served", name)
}

// etag changes whenever the bytes under a name may have changed.
func etag(name string, info fs.FileInfo) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%d", name, info.Size(), info.ModTime().UnixNano()))
	return fmt.Sprintf(`"%x"`, sum[:12])
}

// fileContent is content that lies in a file.
type fileContent struct {
	OpenFile
	info ContentInfo
}

func (f *fileContent) Info() ContentInfo { return f.info }

// Send implements [Sender], where the folder's files do.
func (f *fileContent) Send(w io.Writer, n int64) (int64, error) {
	if s, ok := f.OpenFile.(Sender); ok {
		return s.Send(w, n)
	}
	return io.CopyN(w, f.OpenFile, n)
}

// memoryContent is content that was made here.
type memoryContent struct {
	*bytes.Reader
	info ContentInfo
}

func (m *memoryContent) Info() ContentInfo { return m.info }

func (m *memoryContent) Close() error { return nil }
