//go:build !unix

package scan

const noWait = 0
