// Package demo holds the titles of a first run: five short films of our own with posters and
// subtitles, and the catalog that says who may watch them. They are inside the program, so
// that a first party needs nothing else.
//
// make.sh makes the films; docs/demo.md says how.
package demo

import (
	"embed"
	"io/fs"
)

//go:embed catalog.yaml
var catalogFile []byte

//go:embed films
var films embed.FS

// Catalog is the demo's catalog file, as it would be written by hand.
func Catalog() []byte { return catalogFile }

// Files is the library of the demo's catalog: the folder that file and poster names are relative to.
func Files() fs.FS {
	sub, err := fs.Sub(films, "films")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}
