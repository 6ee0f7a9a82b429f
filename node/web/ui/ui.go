// Package ui holds the page: HTML, styles, scripts and icons, embedded as they are, and in vendor
// what others wrote for it, as they published it. It promises nothing but the files; who serves
// them replaces the literal {build} in the HTML by the name of the folder under which the rest is
// found.
package ui

import "embed"

// Files are the page's files, by their path relative to this folder.
//
//go:embed *.html *.svg *.webmanifest css js vendor
var Files embed.FS
