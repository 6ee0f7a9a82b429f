//go:build !unix

package media

// noWait is nothing where folders hold no FIFOs.
const noWait = 0
