package cli

import (
	"context"
	"fmt"

	"watchparty/discovery/router"
)

// checkRemote asks the router whether friends elsewhere could come in, if the person wants to know.
func checkRemote(ctx context.Context, o doctorOptions) []finding {
	const name = "remote"
	if !o.remote {
		return nil
	}
	way, outside, err := router.Look(ctx)
	switch {
	case err != nil:
		return []finding{{name, note, err.Error()}}
	case way == router.Direct:
		return []finding{{name, fine, fmt.Sprintf("This machine has an address of the internet itself, %v: serve --remote needs no router, but a firewall that lets the port in.", outside)}}
	}
	return []finding{{name, fine, fmt.Sprintf("The router speaks %s and is %v outside: serve --remote can let friends elsewhere in.", way, outside)}}
}
