//go:build !linux

package wire

import (
	"net"
	"syscall"
)

// askBBR asks for BBR on a socket; only Linux lets a program choose.
func askBBR(*net.TCPConn) bool { return false }

// BBR says whether this machine sends by BBR over TCP.
func BBR() bool { return false }

func tcpStats(*net.TCPConn, *Stats) {}

// shortSegments does nothing: these systems notice by themselves that long packets are lost.
func shortSegments(_, _ string, _ syscall.RawConn) error { return nil }
