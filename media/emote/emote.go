// Package emote says which files a house may show in its chat as emotes, pure: the code that a file's name stands for, and
// what its first bytes are. It promises that what it lets through is a picture of a sort that cannot run anything, and of a
// size that every screen can bear. A browser is told the sort found here, never one that a name claims.
package emote

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"regexp"
)

// What an emote may be at most. An evening's chat may show a hundred at once, on a phone.
const (
	MaxBytes = 512 << 10 // of one file
	MaxSide  = 512       // pixels
	MaxWide  = 3         // times as wide as high: a line has room for words too
	MaxCount = 300       // in one house
)

// An Emote is a picture that stands in a line for its code.
type Emote struct {
	Code   string `json:"code"`  // as it is written, without the colons
	Key    string `json:"key"`   // names these very bytes: part of their SHA-256, in hexadecimal digits
	Width  int    `json:"width"` // pixels
	Height int    `json:"height"`
	Type   string `json:"-"` // media type, by the bytes
	File   string `json:"-"` // its name in the folder
}

// A Fault is a file that is left out.
type Fault struct {
	Text string // why
	Hint string // what to do
}

func (f *Fault) Error() string { return "WP-EMOTE: " + f.Text }

var code = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{1,23}$`)

// Code is what the name of a file stands for, or a [Fault].
func Code(file string) (string, error) {
	name := file[:len(file)-len(path.Ext(file))]
	if !code.MatchString(name) {
		return "", &Fault{"The name cannot be written as a code.", "Name the file with 2 to 24 letters a to z, digits and _, a letter first: party_shark.png is :party_shark: in the chat."}
	}
	return name, nil
}

// Read judges a file by its name and its bytes. The error is a [Fault].
func Read(file string, b []byte) (Emote, error) {
	name, err := Code(file)
	if err != nil {
		return Emote{}, err
	}
	if len(b) > MaxBytes {
		return Emote{}, TooLarge()
	}
	p, ok := look(b)
	switch {
	case !ok:
		return Emote{}, &Fault{"This is no PNG, GIF, WebP or AVIF picture that could be read.", "Save it as one of these; SVG is never taken, since it can run scripts."}
	case p.width > MaxSide || p.height > MaxSide:
		return Emote{}, &Fault{fmt.Sprintf("The picture has %d × %d pixels; an emote has at most %d × %d.", p.width, p.height, MaxSide, MaxSide), "Scale it down; 128 pixels are plenty."}
	case p.width > MaxWide*p.height:
		return Emote{}, &Fault{fmt.Sprintf("The picture is more than %d times as wide as high.", MaxWide), "Cut it, or give it some room above and below."}
	}
	sum := sha256.Sum256(b)
	return Emote{Code: name, Key: hex.EncodeToString(sum[:KeyBytes]), Width: p.width, Height: p.height, Type: p.kind, File: file}, nil
}

// KeyBytes is how many bytes of its SHA-256 name a picture.
const KeyBytes = 16

// TooLarge is the fault of a file above [MaxBytes].
func TooLarge() error {
	return &Fault{fmt.Sprintf("The file is larger than %d KB.", MaxBytes>>10), "Make the picture smaller, or save it as WebP."}
}

// Types are the media types that an emote may have.
var Types = map[string]bool{"image/png": true, "image/gif": true, "image/webp": true, "image/avif": true}
