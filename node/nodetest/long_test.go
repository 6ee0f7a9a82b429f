//go:build long

package nodetest_test

func init() { kills, floods, askings = 50, 20_000, 100_000 }
