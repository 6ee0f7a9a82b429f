//go:build long

package store

func init() { damages, kills = 220, 500 }
