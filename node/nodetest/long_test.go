//go:build long

package nodetest_test

func init() { kills, floods, askings, pings = 50, 20_000, 100_000, 100_000 }
