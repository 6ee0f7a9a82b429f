package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"time"
)

// This file reads bbolt's file format without bbolt: with bounds on everything and
// no memory map, so that no damage can do more than be reported. bbolt itself
// trusts its pages, and follows a damaged one into a loop or a memory fault.
//
// A file is pages of one size. Pages 0 and 1 are meta pages, of which the one with
// the higher transaction counts. A page is a header of 16 bytes (id u64, flags u16,
// count u16, overflow u32), count elements of 16 bytes, and the keys and values,
// packed in the order of the elements. Numbers are in the machine's byte order.

const (
	pageHead    = 16
	elementSize = 16
	metaSize    = 64

	flagBranch   = 0x01
	flagLeaf     = 0x02
	flagMeta     = 0x04
	flagFreelist = 0x10

	flagBucket = 0x01 // of a leaf's element

	metaMagic   = 0xED0CDAED
	metaVersion = 2
	maxDepth    = 64 // a tree of real pages is at most 10 deep
)

var order = binary.NativeEndian

// An image is a database file to be read.
type image struct {
	file     *os.File
	size     int64
	modified time.Time
	pageSize int64
	metas    []meta // the newer one first; those with a bad checksum last
}

type meta struct {
	sound                bool
	root, freelist, high uint64 // page numbers; high is one past the last
	txid                 uint64
}

var errNoMeta = errors.New("it has no readable beginning")

// readImage finds the meta pages. An error means that nothing can be read.
func readImage(file *os.File) (*image, error) {
	im := &image{file: file}
	first, pageSize, err := im.readMeta(0)
	if err == nil && first.sound {
		im.pageSize = pageSize
	}
	for guess := int64(1024); im.pageSize == 0 && guess <= 64<<10; guess *= 2 {
		if m, pageSize, err := im.readMeta(guess); err == nil && m.sound && pageSize == guess {
			im.pageSize = guess
		}
	}
	if im.pageSize == 0 {
		return nil, errNoMeta
	}
	second, _, _ := im.readMeta(im.pageSize)
	info, err := file.Stat() // after the metas: a file in use grows before they say so
	if err != nil {
		return nil, err
	}
	im.size, im.modified = info.Size(), info.ModTime()
	im.metas = []meta{first, second}
	if better(second, first) {
		im.metas = []meta{second, first}
	}
	return im, nil
}

func better(a, b meta) bool {
	if a.sound != b.sound {
		return a.sound
	}
	return a.txid > b.txid
}

func (im *image) readMeta(at int64) (m meta, pageSize int64, err error) {
	var b [pageHead + metaSize]byte
	if _, err := im.file.ReadAt(b[:], at); err != nil {
		return m, 0, err
	}
	p := b[pageHead:]
	m = meta{root: order.Uint64(p[16:]), freelist: order.Uint64(p[32:]), high: order.Uint64(p[40:]), txid: order.Uint64(p[48:])}
	pageSize = int64(order.Uint32(p[8:]))
	sum := fnv.New64a()
	sum.Write(p[:56])
	m.sound = order.Uint16(b[8:]) == flagMeta && order.Uint32(p) == metaMagic && order.Uint32(p[4:]) == metaVersion &&
		order.Uint64(p[56:]) == sum.Sum64() && pageSize >= 1024 && pageSize <= 64<<10 && pageSize&(pageSize-1) == 0
	return m, pageSize, nil
}

// pages is how many whole pages the file has.
func (im *image) pages() uint64 { return uint64(im.size / im.pageSize) }

// read returns a page with its overflow; high is one past the last it may reach.
func (im *image) read(id, high uint64) ([]byte, error) {
	high = min(high, im.pages())
	if id < 2 || id >= high {
		return nil, fmt.Errorf("page %d is outside the file", id)
	}
	p := make([]byte, im.pageSize)
	if _, err := im.file.ReadAt(p, int64(id)*im.pageSize); err != nil {
		return nil, fmt.Errorf("page %d cannot be read", id)
	}
	if order.Uint64(p) != id {
		return nil, fmt.Errorf("page %d is not what it should be", id)
	}
	more := uint64(order.Uint32(p[12:]))
	if more >= high-id {
		return nil, fmt.Errorf("page %d is longer than the file", id)
	}
	if more > 0 {
		p = append(p, make([]byte, int64(more)*im.pageSize)...)
		if _, err := im.file.ReadAt(p, int64(id)*im.pageSize); err != nil {
			return nil, fmt.Errorf("page %d cannot be read", id)
		}
	}
	return p, nil
}

type element struct {
	key, value []byte
	child      uint64 // of a branch
	bucket     bool   // of a leaf: value is a bucket
}

// elements reads a branch or a leaf. It insists on the packing that bbolt writes,
// so that a wrong count or length is seen. With an error come the elements before it.
func elements(p []byte) ([]element, error) {
	if len(p) < pageHead {
		return nil, errors.New("is cut short")
	}
	leaf := order.Uint16(p[8:]) == flagLeaf
	if !leaf && order.Uint16(p[8:]) != flagBranch {
		return nil, errors.New("is of the wrong kind")
	}
	count := int(order.Uint16(p[10:]))
	at := pageHead + count*elementSize
	if at > len(p) || !leaf && count == 0 {
		return nil, fmt.Errorf("cannot have %d entries", count)
	}
	all := make([]element, count)
	for i := range all {
		start := pageHead + i*elementSize
		h := p[start:]
		var pos, keyLen, valueLen uint64
		if leaf {
			pos, keyLen, valueLen = uint64(order.Uint32(h[4:])), uint64(order.Uint32(h[8:])), uint64(order.Uint32(h[12:]))
			if flags := order.Uint32(h); flags > flagBucket {
				return all[:i], fmt.Errorf("has an entry of an unknown kind %d", flags)
			}
			all[i].bucket = order.Uint32(h) == flagBucket
		} else {
			pos, keyLen, all[i].child = uint64(order.Uint32(h)), uint64(order.Uint32(h[4:])), order.Uint64(h[8:])
		}
		if uint64(start)+pos != uint64(at) || keyLen == 0 || keyLen+valueLen > uint64(len(p)-at) {
			return all[:i], fmt.Errorf("has a broken entry %d", i)
		}
		all[i].key = p[at : at+int(keyLen)]
		all[i].value = p[at+int(keyLen) : at+int(keyLen+valueLen)]
		at += int(keyLen + valueLen)
	}
	return all, nil
}
