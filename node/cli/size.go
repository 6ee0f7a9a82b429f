package cli

import (
	"math"
	"strconv"
	"strings"

	"watchparty/node"
)

// sizeOf reads a size such as "500MB" or "1.5 GB", in bytes.
func sizeOf(text string) (int64, error) {
	number, unit := strings.ToUpper(strings.ReplaceAll(text, " ", "")), 1.0
	for _, u := range []struct {
		name  string
		bytes float64
	}{{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}} {
		if n, ok := strings.CutSuffix(number, u.name); ok {
			number, unit = n, u.bytes
			break
		}
	}
	f, err := strconv.ParseFloat(number, 64)
	if size := f * unit; err == nil && size >= 0 && size <= math.MaxInt64/2 && (unit > 1 || size == 0) {
		return int64(size), nil
	}
	return 0, &node.UsageError{Sentence: "--cache-size takes a size such as 500MB or 20GB, or 0."}
}
