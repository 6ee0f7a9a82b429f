// Command watchparty hosts and joins watch parties at home.
package main

import (
	"os"

	"watchparty/node/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
