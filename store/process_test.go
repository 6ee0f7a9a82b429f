//go:build unix

package store

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"watchparty/node/party"
)

// childMode makes the test binary a process that uses a database until it is killed.
const childMode = "STORE_TEST_CHILD"

func TestMain(m *testing.M) {
	switch dir := os.Getenv("STORE_TEST_DIR"); os.Getenv(childMode) {
	case "":
		os.Exit(m.Run())
	case "commit":
		commitForEver(dir)
	case "hold":
		db, err := Open(dir, Options{})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("open")
		_, _ = io.Copy(io.Discard, os.Stdin) // until the test is over
		runtime.KeepAlive(db)
	}
}

// commitForEver says the number of the last record after each commit.
func commitForEver(dir string) {
	t := &testing.B{}
	db, err := Open(dir, Options{})
	for err == nil {
		var last party.Seq
		err = db.Update(func(tx *Tx) error {
			from := tx.Last("p") + 1
			last = from + party.Seq(rand.IntN(8))
			if err := tx.PutNonce("p", "ann", party.Nonce(fmt.Sprint(last)), last); err != nil {
				return err
			}
			return tx.Append("p", lines(t, "p", from, last))
		})
		if err == nil && last%5 == 0 {
			err = db.Update(func(tx *Tx) error {
				s, err := tx.Fold("p")
				if err != nil {
					return err
				}
				return tx.PutSnapshot(s)
			})
		}
		if err == nil && last%50 < 8 {
			err = db.Keep()
		}
		fmt.Println(last)
	}
	fmt.Println(err)
	os.Exit(1)
}

func child(t *testing.T, mode, dir string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), childMode+"="+mode, "STORE_TEST_DIR="+dir)
	_, errIn := cmd.StdinPipe()
	out, err := cmd.StdoutPipe()
	if err := errors.Join(errIn, err); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd, bufio.NewScanner(out)
}

// killsOfOne is how often one database is killed: a check reads all of it, so that a long life makes each
// of the last kills dear.
const killsOfOne = 50

func TestKill(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for left := kills; left > 0; left -= killsOfOne {
		acknowledged := killAgain(t, t.TempDir(), min(left, killsOfOne), random)
		t.Logf("%d records acknowledged", acknowledged)
	}
}

// killAgain kills a process that commits, so many times, and gives the last record acknowledged.
func killAgain(t *testing.T, dir string, times int, random *rand.Rand) (acknowledged party.Seq) {
	t.Helper()
	for i := range times {
		cmd, out := child(t, "commit", dir)
		for range 1 + random.IntN(12) {
			if !out.Scan() {
				t.Fatalf("round %d: the child ended", i)
			}
			n, err := strconv.Atoi(out.Text())
			if err != nil {
				t.Fatalf("round %d: %s", i, out.Text())
			}
			acknowledged = party.Seq(n)
		}
		spin(time.Duration(random.IntN(800)) * time.Microsecond) // anywhere within a commit
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for out.Scan() { // acknowledged before the kill came through
			if n, err := strconv.Atoi(out.Text()); err == nil {
				acknowledged = max(acknowledged, party.Seq(n))
			}
		}
		_ = cmd.Wait()
		r, err := Check(filepath.Join(dir, fileName))
		if err != nil {
			t.Fatalf("round %d: %v\n%s", i, err, r)
		}
		if party.Seq(r.Records) < acknowledged {
			t.Fatalf("round %d: record %d was acknowledged, %d are there", i, acknowledged, r.Records)
		}
	}
	if db := open(t, dir); db.Salvaged() != "" {
		t.Error(db.Salvaged())
	}
	return acknowledged
}

// spin passes a time far shorter than a timer can.
func spin(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
	}
}

func TestSecondProcess(t *testing.T) {
	dir := t.TempDir()
	cmd, out := child(t, "hold", dir)
	if !out.Scan() || out.Text() != "open" {
		t.Fatal(out.Text())
	}
	refused := func(what string, err error, began time.Time) {
		t.Helper()
		var locked *LockedError
		if !errors.As(err, &locked) || locked.PID != cmd.Process.Pid || !strings.Contains(err.Error(), strconv.Itoa(cmd.Process.Pid)) {
			t.Errorf("%s: %v", what, err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s took %v", what, took)
		}
	}
	for _, stopped := range []bool{false, true} {
		if stopped {
			if err := cmd.Process.Signal(syscall.SIGSTOP); err != nil {
				t.Fatal(err)
			}
		}
		began := time.Now()
		_, err := Open(dir, Options{})
		refused("open", err, began)
		began = time.Now()
		_, err = Open(dir, Options{ReadOnly: true, Timeout: 100 * time.Millisecond})
		refused("open to read", err, began)
	}
	began := time.Now()
	_, err := Restore(dir, filepath.Join(dir, fileName))
	refused("restore", err, began)
	if r, err := Check(filepath.Join(dir, fileName)); err != nil {
		t.Errorf("a file in use can be checked: %v\n%s", err, r)
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	open(t, dir)
}

func TestCheckWhileWriting(t *testing.T) {
	dir := t.TempDir()
	_, out := child(t, "commit", dir)
	for range 30 {
		if !out.Scan() {
			t.Fatal("the child ended")
		}
		var damage *DamagedError
		if r, err := Check(filepath.Join(dir, fileName)); errors.As(err, &damage) {
			t.Fatalf("%v\n%s", err, r)
		}
	}
}

// A disk pulled out shows as a file cut short under the process.
func TestFileCutShortWhileOpen(t *testing.T) {
	db, err := Open(t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	fill(t, db, "p", 2000)
	if err := os.Truncate(db.path(), 8192); err != nil {
		t.Fatal(err)
	}
	var damage *DamagedError
	if err := db.View(func(tx *Tx) error { _, err := tx.Fold("p"); return err }); !errors.As(err, &damage) {
		t.Errorf("reading what is gone: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
