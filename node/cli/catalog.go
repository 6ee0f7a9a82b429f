package cli

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/node"
)

func newCatalog(s streams) *cobra.Command {
	return group("catalog", "look after the catalog of titles", newCatalogCheck(s), newCatalogScan(s))
}

func newCatalogCheck(s streams) *cobra.Command {
	return &cobra.Command{
		Use:   "check FILE",
		Short: "find all problems of a catalog, with line numbers",
		Long: "Find all problems of a catalog file at once, each with its line: on stderr, and exit code 2 if it cannot be\n" +
			"used. Warnings alone, such as a file that is not there, leave exit code 0.",
		Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return runCatalogCheck(args[0], s) },
	}
}

func runCatalogCheck(path string, s streams) error {
	c, problems, err := checkCatalog(path)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		fmt.Fprintln(s.err, problems)
	}
	found := "no problems"
	switch n := len(problems); {
	case n == 1:
		found = "1 warning"
	case n > 1:
		found = fmt.Sprintf("%d warnings", n)
	}
	_, err = fmt.Fprintf(s.out, "%s: %s, %s.\n", path, titleCount(c), found)
	return err
}

func titleCount(c *catalog.Catalog) string {
	if len(c.Titles) == 1 {
		return "1 title"
	}
	return fmt.Sprintf("%d titles", len(c.Titles))
}

// checkCatalog reads a catalog and looks for its files. The problems it returns
// are warnings; a catalog that cannot be used is an error.
func checkCatalog(path string) (*catalog.Catalog, catalog.Problems, error) {
	c, folder, problems, err := media.LoadCatalog(path, time.Local)
	if err != nil {
		return nil, nil, &node.UsageError{Sentence: "The catalog cannot be used: " + err.Error() + "."}
	}
	if c == nil {
		return nil, nil, &node.CatalogError{Problems: problems}
	}
	defer folder.Close()
	for _, want := range filesOf(c) {
		if info, err := folder.Stat(want.name); err == nil && info.Mode().IsRegular() {
			continue
		}
		problems = append(problems, catalog.Problem{
			File: path, Line: want.line, Column: 1, Warning: true,
			Text: fmt.Sprintf("%s is not in the library", want.name),
			Hint: "put it there, or correct its name",
		})
	}
	slices.SortStableFunc(problems, func(a, b catalog.Problem) int { return cmp.Compare(a.Line, b.Line) })
	return c, problems, nil
}

// wanted is a file that a catalog names, and where.
type wanted struct {
	name string
	line int
}

// filesOf lists every file that a catalog names, each once.
func filesOf(c *catalog.Catalog) (all []wanted) {
	seen := map[string]bool{}
	add := func(line int, names ...string) {
		for _, name := range names {
			if name != "" && !seen[name] {
				seen[name] = true
				all = append(all, wanted{name, line})
			}
		}
	}
	for _, t := range c.Titles {
		add(t.Line, t.File, t.Poster)
		add(t.Line, t.Subtitles.Files...)
	}
	for _, show := range c.Shows {
		add(show.Line, show.Poster)
	}
	for _, album := range c.Albums {
		add(album.Line, album.Poster)
	}
	return all
}
