//go:build long && linux

package nodetest_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
	"watchparty/node/wire"
	"watchparty/store"
)

const (
	powerCuts = 100
	granted   = 1_000_000 // Bits of each who cheers
)

// A forgetful disk has ext4 on it and, as any disk, a cache of its own: of what was written, only what was flushed is sure to be
// there after the power was cut. It is a file in another file system, whose memory is that cache; what that one has written
// down lies in a file on XFS, which can be copied in an instant.
type forgetful struct {
	testing.TB
	at      string   // where it is mounted
	cache   *os.File // the disk as it answers
	platter *os.File // the disk as it would be found without power
	random  *rand.Rand
}

const cacheSize = 64 << 20

func forgetfulDisk(t *testing.T) *forgetful {
	t.Helper()
	tools(t, "mkfs.xfs", "mkfs.ext4", "mount", "dd")
	d := &forgetful{TB: t, at: t.TempDir(), random: rand.New(rand.NewPCG(1, 2))}
	memory, floor, below := t.TempDir(), t.TempDir(), t.TempDir()
	needDisk(t, "-t", "tmpfs", "-o", "size=1g", "none", memory)
	command(t, "truncate -s 700M "+memory+"/xfs")
	command(t, "mkfs.xfs -q -m reflink=1 "+memory+"/xfs")
	needDisk(t, "-o", "loop", memory+"/xfs", floor)
	command(t, "truncate -s 128M "+floor+"/platter")
	command(t, "mkfs.ext4 -q "+floor+"/platter")
	needDisk(t, "-o", "loop", floor+"/platter", below)
	command(t, fmt.Sprintf("dd if=/dev/zero of=%s/disk bs=1M count=%d conv=fsync status=none", below, cacheSize>>20)) // no hole: what is written later stays in its place
	command(t, "mkfs.ext4 -q "+below+"/disk")
	needDisk(t, "-o", "loop", below+"/disk", d.at)
	var err error
	if d.cache, err = os.OpenFile(below+"/disk", os.O_RDWR, 0); err == nil {
		d.platter, err = os.Open(floor + "/platter")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.cache.Close(); d.platter.Close() })
	return d
}

// settle has the disk write down what it was not told to flush: nothing of it, a part here and there, or all.
func (d *forgetful) settle() {
	d.Helper()
	const step, now = 128 << 10, unix.SYNC_FILE_RANGE_WAIT_BEFORE | unix.SYNC_FILE_RANGE_WRITE | unix.SYNC_FILE_RANGE_WAIT_AFTER
	share := d.random.IntN(3) // of two
	for off := int64(0); off < cacheSize && share > 0; off += step {
		if d.random.IntN(2) < share {
			if err := unix.SyncFileRange(int(d.cache.Fd()), off, step, now); err != nil {
				d.Fatal(err)
			}
		}
	}
}

// cut gives the disk as it is found when the power has been cut at this instant and is back.
func (d *forgetful) cut() (found string, done func()) {
	d.Helper()
	d.settle()
	image := d.platter.Name() + "-cut"
	copied, err := os.Create(image)
	if err == nil {
		err = unix.IoctlFileClone(int(copied.Fd()), int(d.platter.Fd()))
		copied.Close()
	}
	if err != nil {
		d.Fatalf("copy the disk: %v", err)
	}
	below, found := d.TempDir(), d.TempDir()
	command(d, "mount -o loop "+image+" "+below)
	command(d, "mount -o loop "+below+"/disk "+found)
	return found, func() {
		command(d, "umount "+found)
		unix.Unmount(below, unix.MNT_DETACH) // the device in it is let go a little later
		os.Remove(image)
	}
}

// A promise is what the host has acknowledged until a moment.
type promise struct {
	wishes []party.Nonce    // chat and purchases
	seats  []party.MemberID // who was welcomed
	passes []string         // tokens
	heard  party.Seq        // the last record that a guest has seen
}

// A stormy evening is a host on a disk, and guests who talk, spend, and come.
type stormy struct {
	testing.TB
	house    *House
	host     *program
	ann      *Person // hears everything
	spenders []*Person

	check sync.RWMutex // held to look at a disk: meanwhile nobody wishes anything

	mu sync.Mutex // guards the rest
	promise
}

func newStormy(t testing.TB, data string) *stormy {
	t.Helper()
	b := &stormy{TB: t, host: start(t, "", "serve", "--json", "--listen", "127.0.0.1:0", "--camera-port", "0", "--no-mdns", "--data", data, "--region", "FR")}
	b.house = b.host.house()
	boss := b.house.Boss()
	b.ann = b.house.Guest("Ann")
	for i := range 3 {
		p := b.house.Guest(fmt.Sprint("Spender ", i))
		boss.Must(party.Credit{Member: p.Member, Bits: granted})
		b.spenders = append(b.spenders, p)
	}
	return b
}

func (b *stormy) promised(add func(*promise)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	add(&b.promise)
}

// until now is what was acknowledged.
func (b *stormy) now() promise {
	b.mu.Lock()
	defer b.mu.Unlock()
	p := b.promise
	p.heard = b.ann.State().Seq
	return p
}

func (b *stormy) unlessChecked(do func()) {
	b.check.RLock()
	defer b.check.RUnlock()
	do()
}

// keep has somebody wish on and on.
func (b *stormy) keep(p *Person, every time.Duration, wish func(n int) party.Command, stop <-chan struct{}) {
	pace := time.NewTicker(every)
	defer pace.Stop()
	for n := 1; ; n++ {
		nonce := party.Nonce(fmt.Sprintf("%s-%d", p.Member, n))
		b.unlessChecked(func() {
			if p.WishAs(nonce, wish(n)) == nil { // else it was too fast
				b.promised(func(all *promise) { all.wishes = append(all.wishes, nonce) })
			}
		})
		select {
		case <-pace.C:
		case <-stop:
			return
		}
	}
}

// arrive has one after the other come, sit down and leave.
func (b *stormy) arrive(stop <-chan struct{}) {
	for n := 1; ; n++ {
		b.unlessChecked(func() {
			name := fmt.Sprint("Newcomer ", n)
			p := b.house.Pass(name, wire.Join{Name: name, Secret: Secret(b.house.Ready.Invite)})
			b.promised(func(all *promise) { all.passes = append(all.passes, p.Token) })
			r, err := dialRaw(b.house.Ready.QUIC, "/ws", false)
			if err != nil {
				b.Fatalf("%s: %v", name, err)
			}
			defer r.Close()
			if err = r.send(hello(p.Token)); err == nil {
				_, err = r.next()
			}
			if err != nil {
				b.Fatalf("%s: %v", name, err)
			}
			b.promised(func(all *promise) { all.seats = append(all.seats, p.Member) })
		})
		select {
		case <-time.After(100 * time.Millisecond):
		case <-stop:
			return
		}
	}
}

// kept wants all of a promise in what a host finds on its disk when it starts after a power cut, and gives how long that start took.
func (b *stormy) kept(data string, all promise) time.Duration {
	b.Helper()
	if r, err := store.Check(filepath.Join(data, "party.db")); err != nil {
		b.Errorf("after the cut: %v\n%s", err, r)
	}
	host := start(b, "", "serve", "--json", "--listen", "127.0.0.1:0", "--camera-port", "0", "--no-mdns", "--data", data, "--region", "FR")
	house := host.house()
	took := host.event("ready").at.Sub(host.started)
	for _, token := range all.passes[max(0, len(all.passes)-3):] {
		if a := Do(b, "GET", house.URL("/api/party"), token, nil); a.Status != 200 {
			b.Errorf("pass %d opens nothing: %d %s", len(all.passes), a.Status, a.Body)
		}
	}
	if house.Ready.Party != b.house.Ready.Party {
		b.Errorf("party %s has become %s", b.house.Ready.Party, house.Ready.Party)
	}
	host.kill()
	b.remembers(data, all)
	return took
}

// remembers looks for a promise in the store of a host that has ended. Each purse holds what was given and not spent, the host's
// what all have spent.
func (b *stormy) remembers(data string, all promise) {
	b.Helper()
	db, err := store.Open(data, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	done, joined, spent := map[party.Nonce]int{}, map[party.MemberID]bool{}, map[party.MemberID]int64{}
	last, sum := party.Seq(0), int64(0)
	err = db.View(func(tx *store.Tx) error {
		for {
			recs, err := tx.Records(b.house.Ready.Party, last, 1000)
			if err != nil || len(recs) == 0 {
				return err
			}
			for _, r := range recs {
				last = r.Seq
				done[r.Nonce]++
				spent[r.By] += r.Spent()
				sum += r.Spent()
				if e, ok := r.Event.(party.Joined); ok {
					joined[e.ID] = true
				}
			}
		}
	})
	if err != nil || db.Salvaged() != "" || last < all.heard {
		b.Errorf("record %d was shown, %d is the last: %v %s", all.heard, last, err, db.Salvaged())
	}
	for _, n := range all.wishes {
		if done[n] != 1 {
			b.Errorf("%s was acknowledged and is in the log %d times", n, done[n])
		}
	}
	for _, id := range all.seats {
		if !joined[id] {
			b.Errorf("%s was welcomed and is nobody", id)
		}
	}
	err = db.View(func(tx *store.Tx) error {
		for _, p := range b.spenders {
			if has := tx.Purse(p.Member).Bits; has != granted-spent[p.Member] {
				b.Errorf("%s has %d Bits after %d of %d", p.Member, has, spent[p.Member], granted)
			}
		}
		if has := tx.Purse(party.HostID).Bits; has != sum {
			b.Errorf("the host has %d Bits of %d", has, sum)
		}
		return nil
	})
	if err != nil {
		b.Error(err)
	}
}

// TestPowerCut: the power is cut while people talk, spend and come. Whatever was acknowledged or shown is there when it is back.
func TestPowerCut(t *testing.T) {
	d := forgetfulDisk(t)
	b := newStormy(t, filepath.Join(d.at, "data"))
	stop := make(chan struct{})
	var all sync.WaitGroup
	defer all.Wait()
	defer close(stop)
	for i := range 5 {
		p := b.house.Guest(fmt.Sprint("Talker ", i))
		all.Go(func() {
			b.keep(p, saidEvery, func(n int) party.Command { return party.Say{Text: fmt.Sprint("line ", n)} }, stop)
		})
	}
	for _, p := range b.spenders {
		all.Go(func() {
			b.keep(p, 70*time.Millisecond, func(n int) party.Command { return party.Cheer{Bits: int64(n%50 + 1)} }, stop)
		})
	}
	all.Go(func() { b.arrive(stop) })
	var toReady []time.Duration
	for i := range powerCuts {
		<-time.After(time.Duration(d.random.Int64N(int64(250 * time.Millisecond))))
		promised := b.now()
		found, done := d.cut()
		b.check.Lock()
		toReady = append(toReady, b.kept(filepath.Join(found, "data"), promised))
		b.check.Unlock()
		done()
		if t.Failed() {
			t.Fatalf("at cut %d", i+1)
		}
	}
	last := b.now()
	t.Logf("%d cuts; acknowledged: %d wishes, %d passes, %d seats; start to ready: %s", powerCuts, len(last.wishes), len(last.passes), len(last.seats), spread(toReady))
	if len(last.wishes) < 5*powerCuts || len(last.seats) < powerCuts {
		t.Error("too little was in flight")
	}
}
