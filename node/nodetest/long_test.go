//go:build long

package nodetest_test

func init() { kills = 50 }
