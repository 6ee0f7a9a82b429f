package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"watchparty/media/catalog"
	"watchparty/node"
	"watchparty/node/party"
	"watchparty/store"
)

func newHistoryImport(s streams) *cobra.Command {
	var data, title, name, date string
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "read in the chat of an evening that was exported",
		Long: "Read in the chat of an evening that `watchparty history show` has written as JSON or VTT, here or in another house, so\n" +
			"that it can come again with its film. Lines and reactions are kept, with names; members, Bits and hours watched are not.\n" +
			"VTT has neither reactions nor the date. It works whether the host is running or not.",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			b, err := readEvening(args[0])
			if err != nil {
				return err
			}
			plain := strings.TrimSuffix(filepath.Base(args[0]), filepath.Ext(args[0]))
			past, err := importEvening(c.Context(), data, node.Import{File: string(b), Title: catalog.TitleID(title), Name: cmp.Or(name, plain), Date: date})
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.out, "%s of %s is here now. See `watchparty history show %s`.\n", past.Name, past.Opened.Local().Format("2 January 2006"), past.ID)
			return err
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the host")
	c.Flags().StringVar(&title, "title", "", "with VTT: the title, where the file does not name it")
	c.Flags().StringVar(&name, "name", "", "with VTT: what the evening was called; as the file, if absent")
	c.Flags().StringVar(&date, "date", "", "with VTT: when it was, such as 2026-11-28; today, if absent")
	return c
}

func readEvening(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &node.UsageError{Sentence: "The file cannot be read: " + err.Error() + "."}
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, party.MaxKeepsake+1))
	if err != nil {
		return nil, &node.UsageError{Sentence: "The file cannot be read: " + err.Error() + "."}
	}
	return b, nil // one that is too long is refused by whoever reads it in
}

// importEvening has the running host read a file in, or does it in the folder of one that does not run.
func importEvening(ctx context.Context, data string, f node.Import) (past node.Past, err error) {
	r, err := reach(ctx, data)
	var unreached *node.UnreachedError
	switch {
	case err == nil:
		defer r.close()
		r.client.Timeout = importTime
		err = r.call(ctx, http.MethodPost, "/api/history", f, &past)
		return past, err
	case errors.As(err, &unreached):
		return node.ImportInto(data, f, store.Options{})
	}
	return past, err
}

// importTime is how long the host may take to read in the largest file.
const importTime = 2 * time.Minute

// quoted keeps a line of an evening that was read in.
func (d *digest) quoted(e party.Quoted) {
	by := cmp.Or(e.By, party.MemberID(e.Speaker()))
	d.names[by] = e.Speaker()
	d.lines = append(d.lines, line{party.Said{Text: e.Words(), Title: e.Title, Pos: e.Pos}, by, time.UnixMilli(e.At), ""})
}
