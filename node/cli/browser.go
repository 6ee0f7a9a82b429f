package cli

import (
	"errors"
	"fmt"
	"html"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// openBrowser opens an address or a file in the system's browser. Everybody on the
// machine can read what a program was started with, so it may hold no secret.
func openBrowser(what string) error {
	name, args := "xdg-open", []string{what}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", what}
	}
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("no browser could be opened: %w", err)
	}
	go cmd.Wait()
	return nil
}

// deskFile leads the owner's browser to the desk: a file that they alone can read,
// since the desk's address holds its secret.
const deskFile = "open.html"

const deskPage = `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=%[1]s">
<title>watchparty</title>
<a href="%[1]s">The desk</a>
`

// openDesk opens the desk in the browser and returns what tidies up. The party goes
// on without: the desk's address is on the screen.
func openDesk(data, desk string, s streams) (tidy func()) {
	path, err := filepath.Abs(filepath.Join(data, deskFile))
	if err == nil {
		err = writeDeskFile(path, desk)
	}
	if err == nil {
		err = openBrowser(path)
	}
	if err != nil {
		address, _, _ := strings.Cut(desk, "#")
		fmt.Fprintf(s.err, "%s. Open the desk yourself, at the whole of the address that begins with %s#.\n", upper(err.Error()), address)
	}
	return func() { os.Remove(path) }
}

func writeDeskFile(path, desk string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, deskPage, html.EscapeString(desk))
	return errors.Join(err, f.Close())
}
