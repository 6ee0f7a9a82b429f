package cli

import (
	"fmt"
	"io"
	"os"
	"strings"

	"watchparty/node"
)

// linkVariable brings an invitation's link to join where it must not stand among the program's arguments, which everybody
// on the machine can read.
const linkVariable = "WATCHPARTY_LINK"

// longestTarget is more than any link of ours, in bytes.
const longestTarget = 1024

// target is where join goes: its argument; with "-" a line of stdin; without any what the environment names. An
// invitation's secret does not stay among the arguments, nor do children inherit it.
func target(args []string, s streams) (string, error) {
	fromEnv := os.Getenv(linkVariable)
	os.Unsetenv(linkVariable)
	switch {
	case len(args) == 0:
		return fromEnv, nil
	case args[0] == "-":
		fmt.Fprintln(s.err, "Paste the invitation's link and press Enter.")
		return readLine(s.in)
	}
	given := strings.Clone(args[0])
	hideArgument(given)
	return given, nil
}

// readLine reads up to the end of a line and no further: what follows are wishes.
func readLine(in io.Reader) (string, error) {
	var line strings.Builder
	for b := make([]byte, 1); line.Len() <= longestTarget; {
		_, err := io.ReadFull(in, b)
		if err != nil || b[0] == '\n' {
			break
		}
		line.WriteByte(b[0])
	}
	if t := strings.TrimSpace(line.String()); t != "" && line.Len() <= longestTarget {
		return t, nil
	}
	return "", &node.UsageError{Sentence: "There is no link on stdin: `join -` takes one line, such as http://HOST:PORT/#…"}
}
