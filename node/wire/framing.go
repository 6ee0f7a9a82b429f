package wire

import (
	"encoding/binary"
	"io"
)

// prefix is the length before each frame on a stream: unsigned, big-endian.
const prefix = 4

// firstBytes is what is set aside for a frame before any of it has come.
const firstBytes = 4 << 10

// readFrame reads one frame from a stream. The length is checked before anything
// is allocated for it, and what is allocated follows what has come: a length
// announced and never sent costs firstBytes. io.EOF is the end between two frames.
func readFrame(r io.Reader, limit int) ([]byte, error) {
	var head [prefix]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n == 0 {
		return nil, &ProtoError{Reason: "a frame of no bytes"}
	}
	if int64(n) > int64(limit) {
		return nil, tooLong(int64(n), limit)
	}
	b := make([]byte, min(int(n), firstBytes))
	for have := 0; ; {
		if _, err := io.ReadFull(r, b[have:]); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return nil, err
		}
		if len(b) == int(n) {
			return b, nil
		}
		have = len(b)
		b = append(b, make([]byte, min(have, int(n)-have))...)
	}
}

// appendFrame appends a frame with its length.
func appendFrame(b, frame []byte) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(frame)))
	return append(b, frame...)
}
