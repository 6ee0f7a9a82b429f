package store

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

// Every value on disk is one version byte, the CRC-32C (Castagnoli) of version,
// bucket path, key and payload in big-endian order, and the payload. The path and
// the key are part of it so that a value cannot turn up in another's place.
const (
	valueVersion = 1
	valueHead    = 5
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(path string, key, payload []byte) uint32 {
	head := append(make([]byte, 0, 128), valueVersion)
	head = append(append(head, path...), 0)
	head = append(append(head, key...), 0)
	return crc32.Update(crc32.Checksum(head, castagnoli), castagnoli, payload)
}

// seal makes the stored value of a payload.
func seal(path string, key, payload []byte) []byte {
	v := make([]byte, valueHead, valueHead+len(payload))
	v[0] = valueVersion
	binary.BigEndian.PutUint32(v[1:], checksum(path, key, payload))
	return append(v, payload...)
}

// unseal checks a stored value and returns its payload, a part of v.
func unseal(path string, key, v []byte) ([]byte, error) {
	if len(v) < valueHead || v[0] != valueVersion ||
		binary.BigEndian.Uint32(v[1:]) != checksum(path, key, v[valueHead:]) {
		return nil, fmt.Errorf("%s does not match its checksum", place(path, key))
	}
	return v[valueHead:], nil
}

// place names a value in messages. Keys of passes and of invitations are hashes,
// and are not shown.
func place(path string, key []byte) string {
	switch {
	case isLog(path) && len(key) == 8:
		return fmt.Sprintf("record %d of %s", binary.BigEndian.Uint64(key), path)
	case path == inMeta, path == inParty, path == inSnap, path == inAccount:
		return fmt.Sprintf("%s/%.64q", path, key)
	}
	return "a value in " + path
}

func isLog(path string) bool { return len(path) > len(inLog) && path[:len(inLog)+1] == inLog+"/" }

// seqKey is a position in a log as a key: big-endian, so that keys sort.
func seqKey[S ~uint64](seq S) []byte { return binary.BigEndian.AppendUint64(nil, uint64(seq)) }
