// Package cli is the command line: one file per command, and the only place that
// knows cobra and exit codes.
//
// What a program reads goes to stdout, what a person reads while something runs
// to stderr with the log, and a person's answer to stdout. Refusals end with their
// code and a sentence; everything else with what to do next.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"watchparty/media/scan"
	"watchparty/node"
	"watchparty/node/party"
	"watchparty/store"
)

// Exit codes, the same for every command.
const (
	exitDone      = 0
	exitOurs      = 1
	exitUsage     = 2
	exitInUse     = 3
	exitDamaged   = 4
	exitUnwritten = 5
	exitUnreached = 6
	exitRefused   = 7
)

const exitHelp = `
Exit codes: 0 done; 1 something broke here; 2 wrong use; 3 the data folder is in use;
4 the data is damaged; 5 cannot write; 6 the host was not reached; 7 refused (the WP- code is on stderr).`

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// Main runs the command line and returns the exit code.
func Main(args []string, in io.Reader, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once
	s := streams{in, out, errOut}
	root := newRoot(s)
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errOut)
	err := root.ExecuteContext(ctx)
	return report(errOut, err)
}

func newRoot(s streams) *cobra.Command {
	root := &cobra.Command{
		Use:           "watchparty",
		Short:         "Watch films together, at home",
		Long:          "watchparty hosts films for friends on the same network: one host, any number of browsers and nodes, the same frame for all.\n" + exitHelp,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newServe(s), newJoin(s), newLs(s), newInvite(s), newMember(s), newParty(s), newCatalog(s), newHistory(s), newStore(s),
		newDoctor(s), newVersion(s), newCamera(s))
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &node.UsageError{Sentence: upper(err.Error()) + ". See `" + c.CommandPath() + " --help`."}
	})
	for _, c := range allCommands(root) {
		finish(c)
	}
	return root
}

func allCommands(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		all = append(all, allCommands(sub)...)
	}
	return all
}

// finish gives every command its exit codes in the help, its flags from the
// environment and the config file, and usage errors of the right kind.
func finish(c *cobra.Command) {
	if c.Long == "" {
		c.Long = upper(c.Short) + "."
	}
	if c.HasParent() {
		c.Long += "\n" + exitHelp
	}
	if c.Args == nil && c.Runnable() {
		c.Args = cobra.NoArgs
	}
	if args := c.Args; args != nil {
		c.Args = func(c *cobra.Command, a []string) error {
			if err := args(c, a); err != nil {
				return &node.UsageError{Sentence: upper(err.Error()) + ". See `" + c.CommandPath() + " --help`."}
			}
			return nil
		}
	}
	if c.Runnable() {
		c.PreRunE = func(c *cobra.Command, _ []string) error { return settle(c) }
	}
}

// report writes an error for people and gives its exit code: the one place where
// errors become exit codes.
func report(w io.Writer, err error) int {
	if err == nil || errors.Is(err, errQuiet) {
		return exitDone
	}
	var (
		usage     *node.UsageError
		bad       *node.CatalogError
		unreached *node.UnreachedError
		refusal   *party.Refusal
		locked    *store.LockedError
		damaged   *store.DamagedError
		newer     *store.VersionError
		write     *store.WriteError
		scanned   *scan.Error
	)
	code := exitOurs
	text := err.Error()
	switch {
	case errors.As(err, &usage), errors.As(err, &bad):
		code = exitUsage
	case errors.As(err, &scanned):
		code = scanExit(scanned)
	case errors.As(err, &locked):
		code = exitInUse
	case errors.As(err, &damaged), errors.As(err, &newer):
		code = exitDamaged
	case errors.As(err, &write), errors.Is(err, store.ErrFull):
		code = exitUnwritten
	case errors.As(err, &unreached):
		code, text = exitUnreached, plain(unreached.Sentence)
	case errors.As(err, &refusal):
		code, text = exitRefused, plain(text)
	case strings.HasPrefix(text, "unknown command"):
		code, text = exitUsage, upper(text)+". See `watchparty --help`."
	}
	fmt.Fprintln(w, plainLines(text))
	return code
}

// errQuiet ends a command that has said everything itself.
var errQuiet = errors.New("done")

func upper(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// newLog writes to stderr, at the level that WATCHPARTY_LOG names.
func newLog(s streams, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, &node.UsageError{Sentence: "--log takes debug, info, warn or error."}
	}
	return slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: l})), nil
}
