package cli

import (
	"context"
	"fmt"

	"watchparty/node"
)

// fewGuests are worth a word: a party may be larger.
const fewGuests = 100

// checkFiles says for how many guests the files suffice that a program may have open here.
func checkFiles(context.Context, doctorOptions) []finding {
	guests, files := node.Guests()
	if guests < fewGuests {
		return []finding{{"open files", note, fmt.Sprintf("This machine lets a program have %d files open, which is room for %d guests' pages: raise it with `ulimit -n 4096`, or LimitNOFILE in a service of systemd.", files, guests)}}
	}
	return []finding{{"open files", fine, fmt.Sprintf("There is room for %d guests' pages.", guests)}}
}
