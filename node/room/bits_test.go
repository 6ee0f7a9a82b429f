package room_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"watchparty/node/clock"
	"watchparty/node/party"
	"watchparty/node/room"
	"watchparty/store"
)

// childDir makes the test binary a house whose guests spend until it is killed.
const childDir = "ROOM_TEST_SPEND"

func TestMain(m *testing.M) {
	dir := os.Getenv(childDir)
	if dir == "" {
		os.Exit(m.Run())
	}
	if err := spendAll(dir, func(nonce string) { fmt.Println(nonce) }); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const (
	guests   = 100
	spenders = 10  // of one purse, at once
	cheers   = 4   // of one spender
	purse    = 400 // Bits: ten cheers of the forty
)

// spendAll lets 1,000 spenders cheer at once, each with the same nonces whenever it is called. It tells of each
// answer.
func spendAll(dir string, answered func(nonce string)) error {
	db, err := store.Open(dir, store.Options{})
	if err != nil {
		return err
	}
	local := room.NewLocal("p", "Friday", db, titles{}, clock.Steady(), slog.New(slog.DiscardHandler))
	r := room.New("p", db, local)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	err = r.Ready(ctx)
	for g := range guests {
		id := party.MemberID(fmt.Sprint("guest", g))
		_, no := r.Submit(ctx, party.House, "", party.Admit{Member: party.Member{ID: id, Name: string(id)}})
		_, taken := r.Submit(ctx, party.House, "grant-"+party.Nonce(id), party.Credit{Member: id, Bits: purse})
		err = errors.Join(err, no, taken)
	}
	var all sync.WaitGroup
	for n := range guests * spenders {
		all.Go(func() {
			id := party.MemberID(fmt.Sprint("guest", n/spenders))
			for i := range cheers {
				nonce := fmt.Sprint(n, "-", i)
				_, err := r.Submit(ctx, id, party.Nonce(nonce), party.Cheer{Bits: purse / 10})
				var no *party.Refusal
				if err == nil {
					answered(nonce)
				} else if !errors.As(err, &no) || no.Code != "WP-BITS" {
					answered("error " + err.Error())
				}
			}
		})
	}
	all.Wait()
	cancel()
	return errors.Join(err, <-ended, db.Close())
}

// TestBitsAcrossKills: whatever moment a host dies at, nothing is spent twice, nothing that was answered is lost, and
// the balances add up to what was given.
func TestBitsAcrossKills(t *testing.T) {
	dir := t.TempDir()
	db, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *store.Tx) (err error) {
		for g := range guests {
			err = errors.Join(err, tx.PutAccount(party.Account{ID: party.MemberID(fmt.Sprint("guest", g))}))
		}
		return err
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]bool{}
	for _, answers := range []int{1, 90, 300} {
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), childDir+"="+dir)
		out, err := cmd.StdoutPipe()
		if err := errors.Join(err, cmd.Start()); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for range answers {
			lines.Scan()
			acknowledged[lines.Text()] = true
		}
		if err := cmd.Process.Kill(); err != nil { // kill -9
			t.Fatal(err)
		}
		for lines.Scan() { // said before the kill came through
			acknowledged[lines.Text()] = true
		}
		_ = cmd.Wait()
		if r, err := store.Check(filepath.Join(dir, "party.db")); err != nil {
			t.Fatalf("%v\n%s", err, r)
		}
	}
	var lock sync.Mutex
	err = spendAll(dir, func(nonce string) {
		lock.Lock()
		defer lock.Unlock()
		acknowledged[nonce] = true
	})
	if err != nil {
		t.Fatal(err)
	}
	addUp(t, dir, acknowledged)
}

func addUp(t *testing.T, dir string, acknowledged map[string]bool) {
	t.Helper()
	if r, err := store.Check(filepath.Join(dir, "party.db")); err != nil {
		t.Fatalf("%v\n%s", err, r)
	}
	db, err := store.Open(dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(func(tx *store.Tx) error {
		done := map[string]int{}
		for after := party.Seq(0); ; {
			recs, err := tx.Records("p", after, 1000)
			if err != nil || len(recs) == 0 {
				if err != nil {
					return err
				}
				break
			}
			for _, r := range recs {
				if _, ok := r.Event.(party.Said); ok {
					done[string(r.Nonce)]++
				}
			}
			after = recs[len(recs)-1].Seq
		}
		for nonce := range acknowledged {
			if done[nonce] == 0 {
				t.Errorf("%q was answered and is not there", nonce)
			}
		}
		for nonce, n := range done {
			if n != 1 {
				t.Errorf("%s was spent %d times", nonce, n)
			}
		}
		sum := tx.Balance(party.HostID)
		for g := range guests {
			left := tx.Balance(party.MemberID(fmt.Sprint("guest", g)))
			if left != 0 {
				t.Errorf("guest %d has %d Bits left after forty cheers of a tenth", g, left)
			}
			sum += left
		}
		if sum != guests*purse || len(done) != guests*10 {
			t.Errorf("%d Bits after %d were granted, %d cheers", sum, guests*purse, len(done))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
