package cli

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/text/language"

	"watchparty/media/catalog"
	"watchparty/node"
)

// settings are the flags that the config file may set, each with the commands that
// take it from there. The file speaks of this house: what it says of the host, its
// PIN above all, is nothing that a guest's node may carry to another host.
var settings = map[string][]string{
	"name":       {"serve"},
	"as":         {"serve"},
	"pin":        {"serve"},
	"admit":      {"serve"},
	"https":      {"serve", "doctor"},
	"no-mdns":    {"serve"},
	"remote":     {"serve", "doctor"},
	"allow-host": {"serve"},
	"listen":     {"serve", "doctor"}, // doctor says what would stop this very house
	"catalog":    {"serve", "doctor"},
	"region":     {"serve", "doctor"},
	"geoip":      {"serve", "doctor"},
	"data":       {"serve", "doctor", "invite", "member", "party", "history", "store"},
	"player":     {"join"},
	"mpv":        {"join"},
	"offset":     {"join"},
	"json":       {"serve", "join"},
	"open":       {"serve", "join"},
	"log":        {"serve", "join"},
	"ui":         {"serve", "join"},
}

// settle fills flags that were not given, from the environment, else from the
// config file: a line `flag = value` for each, `#` for comments.
func settle(c *cobra.Command) error {
	file, err := readConfig()
	if err != nil {
		return err
	}
	var problems []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Name == "help" {
			return
		}
		if _, guests := f.Annotations[ofGuest]; guests {
			return
		}
		name := "WATCHPARTY_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value, from := os.Getenv(name), name
		if value == "" && slices.Contains(settings[f.Name], topic(c)) {
			value, from = file.values[f.Name], file.path
		}
		if value == "" {
			return
		}
		if err := c.Flags().Set(f.Name, value); err != nil {
			problems = append(problems, fmt.Sprintf("%s: %v", from, err))
		}
	})
	if len(problems) > 0 {
		return &node.UsageError{Sentence: strings.Join(problems, "\n")}
	}
	return nil
}

// topic is the first word of a command after the program's name.
func topic(c *cobra.Command) string {
	for c.HasParent() && c.Parent().HasParent() {
		c = c.Parent()
	}
	return c.Name()
}

// ofGuest marks flags that speak of a guest: environment and config file speak of
// this house.
const ofGuest = "guest"

func aboutGuest(f *pflag.FlagSet, name string) {
	f.Lookup(name).Annotations = map[string][]string{ofGuest: nil}
}

type config struct {
	path   string
	values map[string]string
}

// readConfig reads the config file: WATCHPARTY_CONFIG, else watchparty.conf in the
// user's config folder, which need not be there.
func readConfig() (config, error) {
	path, named := os.LookupEnv("WATCHPARTY_CONFIG")
	if !named {
		dir, err := os.UserConfigDir()
		if err != nil {
			return config{}, nil
		}
		path = filepath.Join(dir, "watchparty", "watchparty.conf")
	}
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) && !named {
		return config{}, nil
	}
	if err != nil {
		return config{}, &node.UsageError{Sentence: "The config file cannot be read: " + err.Error() + "."}
	}
	c := config{path, map[string]string{}}
	var problems []string
	for i, line := range strings.Split(string(b), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		key = strings.TrimSpace(key)
		switch {
		case !ok:
			problems = append(problems, fmt.Sprintf("%s:%d: write `flag = value`", path, i+1))
		case settings[key] == nil:
			known := slices.Sorted(maps.Keys(settings))
			problems = append(problems, fmt.Sprintf("%s:%d: unknown setting %q; known are %s", path, i+1, key, strings.Join(known, ", ")))
		default:
			c.values[key] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	if len(problems) > 0 {
		return c, &node.UsageError{Sentence: strings.Join(problems, "\n")}
	}
	return c, nil
}

// stateDir is the folder of a node's data by default: XDG's state folder, or what
// stands for it on other systems.
func stateDir(sub ...string) string {
	base := os.Getenv("XDG_STATE_HOME")
	if base == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			home = "."
		}
		switch runtime.GOOS {
		case "windows", "darwin":
			if base, err = os.UserConfigDir(); err != nil {
				base = home
			}
		default:
			base = filepath.Join(home, ".local", "state")
		}
	}
	return filepath.Join(append([]string{base, "watchparty"}, sub...)...)
}

// regionOf reads --region, or takes the country of the system's locale.
func regionOf(flag string) (catalog.Region, error) {
	if flag != "" {
		r, ok := catalog.ParseRegion(flag)
		if !ok {
			return "", &node.UsageError{Sentence: fmt.Sprintf("%q is no region: use two letters of ISO 3166-1, such as FR.", flag)}
		}
		return r, nil
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		locale, _, _ := strings.Cut(os.Getenv(name), ".")
		tag, err := language.Parse(strings.ReplaceAll(locale, "_", "-"))
		if err != nil {
			continue
		}
		if region, conf := tag.Region(); conf == language.Exact {
			if r, ok := catalog.ParseRegion(region.String()); ok {
				return r, nil
			}
		}
	}
	return "", nil
}
