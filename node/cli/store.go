package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"watchparty/node"
	"watchparty/store"
)

// databaseName is the database in the data folder, as docs/storage.md says.
const databaseName = "party.db"

func newStore(s streams) *cobra.Command {
	return group("store", "look after the database", newStoreCheck(s), newStoreBackup(s), newStoreRestore(s))
}

func newStoreCheck(s streams) *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "check",
		Short: "read the whole database and say what is wrong with it",
		Long: "Read every page, checksum and record of the database and say what is wrong. Nothing is changed, and a party\n" +
			"may be running. `watchparty serve` mends by itself what can be mended.",
		RunE: func(*cobra.Command, []string) error {
			report, err := store.Check(filepath.Join(data, databaseName))
			if errors.Is(err, fs.ErrNotExist) {
				return noDatabase(data)
			}
			if report.Size > 0 {
				fmt.Fprint(s.out, report)
			}
			return err
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder")
	return c
}

// noDatabase tells a folder that never had a database from one that lost it.
func noDatabase(data string) error {
	if _, err := os.Stat(filepath.Join(data, "installed")); err == nil {
		return &store.DamagedError{Path: filepath.Join(data, databaseName), Why: "it is missing, though a party has been here"}
	}
	return &node.UsageError{Sentence: fmt.Sprintf("There is no database in %s yet. Name the data folder with --data.", data)}
}

func newStoreBackup(s streams) *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "copy the database to a file",
		Long: "Copy the database to a file, as it is at one moment; a party may be running. A file of that name is replaced.\n" +
			"The copy holds the host's key: keep it where nobody else can read it.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if err := backup(c.Context(), data, args[0]); err != nil {
				return err
			}
			fmt.Fprintln(s.err, "The copy holds the host's key: keep it where nobody else can read it.")
			_, err := fmt.Fprintf(s.out, "%s is a whole copy of the database.\n", args[0])
			return err
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder")
	return c
}

// backup copies the database: a running host's by asking it for a copy in its own
// folder, since it has the file to itself.
func backup(ctx context.Context, data, path string) error {
	host, err := reach(ctx, data)
	var unreached *node.UnreachedError
	if err == nil {
		defer host.close()
		var kept struct{}
		if err := host.call(ctx, http.MethodPost, "/api/backup", struct{}{}, &kept); err != nil {
			return err
		}
		return copyNewest(filepath.Join(data, "backup"), path)
	}
	if !errors.As(err, &unreached) {
		return err
	}
	db, err := store.Open(data, store.Options{ReadOnly: true})
	if errors.Is(err, fs.ErrNotExist) {
		return noDatabase(data)
	}
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Backup(path)
}

// copyNewest copies the newest of the kept copies, whose names count upwards. The
// file is either whole or not there.
func copyNewest(dir, path string) error {
	kept, err := filepath.Glob(filepath.Join(dir, "party-*.db"))
	if err != nil || len(kept) == 0 {
		return errors.Join(fmt.Errorf("no copy in %s", dir), err)
	}
	from, err := os.Open(slices.Max(kept))
	if err != nil {
		return fmt.Errorf("read the host's copy: %w", err)
	}
	defer from.Close()
	fresh, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return &store.WriteError{Path: path, Err: err}
	}
	defer os.Remove(fresh.Name()) // not there any more once it has its name
	_, err = io.Copy(fresh, from)
	err = errors.Join(err, fresh.Sync(), fresh.Close())
	if err == nil {
		err = os.Rename(fresh.Name(), path)
	}
	if err != nil {
		return &store.WriteError{Path: path, Err: err}
	}
	return nil
}

func newStoreRestore(s streams) *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "restore FILE",
		Short: "put a backup in the place of the database",
		Long: "Put a backup in the place of the database, which must not be in use. What was there is kept beside it, and a\n" +
			"damaged backup changes nothing.",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			kept, err := store.Restore(data, args[0])
			if errors.Is(err, fs.ErrNotExist) {
				return &node.UsageError{Sentence: fmt.Sprintf("There is no file %s.", args[0])}
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(s.out, "The database in %s is now that of %s.\n", data, args[0])
			if kept != "" {
				_, err = fmt.Fprintf(s.out, "What was there is kept as %s.\n", kept)
			}
			return err
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder")
	return c
}
