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
	purse    = 400 // Bits: ten cheers of the forty, or less for a subscription
)

// spending is what a spender does the i-th time: of each ten one subscribes, one gives the next guest a month, two put
// Bits on a prediction, and the others cheer.
func spending(prediction string, n, i int) party.Command {
	switch n % spenders {
	case 0:
		return party.Subscribe{}
	case 1:
		return party.Gift{Member: party.MemberID(fmt.Sprint("guest", (n/spenders+1+i)%guests))}
	}
	if n%spenders < 4 {
		return party.Wager{Prediction: prediction, Outcome: n / spenders % 2, Bits: purse / 10}
	}
	return party.Cheer{Bits: purse / 10}
}

// spendAll lets 1,000 spenders spend at once, each with the same nonces whenever it is called. It tells of each
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
	price := int64(purse / 4)
	_, no := r.Submit(ctx, party.House, "", party.Set{Sub: &price})
	_, asked := r.Submit(ctx, party.House, "predict", party.Predict{Question: "Who did it?", Outcomes: []string{"the cat", "the dog"}})
	err = errors.Join(err, no, asked)
	prediction := r.State().Prediction.ID
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
				_, err := r.Submit(ctx, id, party.Nonce(nonce), spending(prediction, n, i))
				var no *party.Refusal
				if err == nil {
					answered(nonce)
				} else if !errors.As(err, &no) || no.Code != "WP-BITS" && no.Code != "WP-SUB-RUNS" {
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
		done, months, spent, err := spentAt(tx)
		if err != nil {
			return err
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
		pool := tx.Purse(party.PoolID).Bits
		sum := tx.Purse(party.HostID).Bits + pool
		if sum != spent || pool == 0 || months[party.HostID] != 0 {
			t.Errorf("host and pool have %d Bits of %d spent, the pool %d", sum, spent, pool)
		}
		for g := range guests {
			id := party.MemberID(fmt.Sprint("guest", g))
			p := tx.Purse(id)
			if p.Bits >= purse/10 || months[id] != p.Months || p.Months > 1 {
				t.Errorf("%s has %+v after more wishes than the purse pays, months %d in the log", id, p, months[id])
			}
			sum += p.Bits
		}
		if sum != guests*purse {
			t.Errorf("%d Bits after %d were granted", sum, guests*purse)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// spentAt reads the log: how often each nonce was spent, who has how many months, and all that was spent.
func spentAt(tx *store.Tx) (done map[string]int, months map[party.MemberID]int, spent int64, err error) {
	done, months = map[string]int{}, map[party.MemberID]int{}
	for after := party.Seq(0); ; {
		recs, err := tx.Records("p", after, 1000)
		if err != nil || len(recs) == 0 {
			return done, months, spent, err
		}
		for _, r := range recs {
			bits := r.Spent()
			if e, ok := r.Event.(party.Wagered); ok {
				bits = e.Bits
			}
			if bits > 0 {
				done[string(r.Nonce)]++
				spent += bits
			}
			for _, e := range r.Entries() {
				months[e.Member] += e.Months
			}
		}
		after = recs[len(recs)-1].Seq
	}
}
