//go:build long

package nodetest_test

func init() { kills, floods = 50, 20_000 }
