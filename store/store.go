// Package store is the memory of a house: one bbolt file with the parties' logs,
// snapshots, accounts, passes and invitations.
//
// It promises that what an [DB.Update] committed is still there after a crash of
// the process or of the machine; that a value which was damaged on disk is never
// handed out; and that no file, however damaged, takes the process down. bbolt
// pages carry no checksums, so every value carries its own, and [Open] reads the
// whole file with a reader of its own before bbolt may map it. docs/storage.md
// describes the format.
//
// A DB may be used by many goroutines; bbolt lets one Update run at a time. A Tx
// belongs to the function it was given to, and what it returns is a copy.
package store

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

const (
	fileName   = "party.db"  // the database
	markerName = "installed" // says that there has been a database here
	newName    = "party.db.new"
	backupDir  = "backup"

	hintFresh = "restore a backup with `watchparty store restore FILE`, or delete the file " + markerName + " beside it to start afresh"

	// fillPercent suits keys that only grow: 272 MB where the default takes 477.
	fillPercent = 0.9
)

// Options are the settings of [Open]. The zero value is good.
type Options struct {
	// ReadOnly opens what is there and changes nothing; a damaged file is an error.
	ReadOnly bool
	// Timeout is how long to wait for another process to let go; 0 is one second.
	Timeout time.Duration
	// Now names damaged files by the time; nil is time.Now.
	Now func() time.Time
	// Log is told of salvage and migration; nil is silence.
	Log *slog.Logger
}

func (o Options) filled() Options {
	if o.Timeout == 0 {
		o.Timeout = time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// DB is an open database.
type DB struct {
	dir      string
	bolt     *bolt.DB
	lock     *os.File // nil when read-only
	changed  atomic.Bool
	salvaged string
}

// Open opens the database in the data folder, and makes both where there are
// none yet. It reads and verifies everything first; a damaged file is rebuilt
// from what verifies in it and in the kept copies (see [DB.Salvaged]).
//
// Errors for people: [*LockedError], [*WriteError], [*DamagedError],
// [*VersionError], and [ErrFull].
func Open(dir string, o Options) (*DB, error) {
	o = o.filled()
	if o.ReadOnly {
		return openReadOnly(dir, o)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, writeError(dir, err)
	}
	lock, err := takeLock(dir, o.Timeout)
	if err != nil {
		return nil, err
	}
	db := &DB{dir: dir, lock: lock}
	if err := db.open(o); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

func (db *DB) open(o Options) error {
	path := db.path()
	if err := removeLeftovers(db.dir); err != nil {
		return err
	}
	old, err := db.inspect()
	var damage *DamagedError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = createFile(path)
	case errors.As(err, &damage):
		err = db.salvage(damage, o)
	}
	if err != nil {
		return err
	}
	if db.bolt, err = openBolt(path, o); err != nil {
		return err
	}
	if old > 0 && old < Format {
		if err := db.migrate(old, migrations, o.Log); err != nil {
			return err
		}
	}
	db.changed.Store(newerThanCopies(db.dir))
	return mark(db.dir)
}

// inspect verifies the file and says which format it has. fs.ErrNotExist means a
// first start: nothing is there and nothing has been.
func (db *DB) inspect() (format int, err error) {
	path := db.path()
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !beenHere(db.dir):
		return 0, err
	case errors.Is(err, fs.ErrNotExist):
		return 0, &DamagedError{Path: path, Why: "it is missing, though a party has been here", Hint: hintFresh}
	case err != nil:
		return 0, writeError(path, err)
	case info.Size() == 0 && !beenHere(db.dir):
		return 0, fs.ErrNotExist
	case info.Size() == 0:
		return 0, &DamagedError{Path: path, Why: "it is empty, though a party has been here", Hint: hintFresh}
	}
	return verifyFile(path)
}

func openReadOnly(dir string, o Options) (*DB, error) {
	db := &DB{dir: dir}
	path := db.path()
	if info, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	} else if info.Size() == 0 {
		return nil, &DamagedError{Path: path, Why: "it is empty"}
	}
	b, err := openBolt(path, o) // reads the meta pages only, and locks
	if err != nil {
		return nil, err
	}
	if _, err := verifyFile(path); err != nil {
		_ = b.Close()
		return nil, err
	}
	db.bolt = b
	return db, nil
}

// openBolt opens a file that has been verified, or is new.
func openBolt(path string, o Options) (b *bolt.DB, err error) {
	err = guard(path, func() error {
		b, err = bolt.Open(path, 0o600, &bolt.Options{
			Timeout: o.Timeout, ReadOnly: o.ReadOnly, FreelistType: bolt.FreelistMapType,
		})
		return err
	})
	switch {
	case err == nil:
		return b, nil
	case errors.Is(err, berrors.ErrTimeout):
		return nil, &LockedError{Dir: filepath.Dir(path), PID: holder(filepath.Dir(path))}
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return nil, &DamagedError{Path: path, Why: err.Error()}
	}
	return nil, writeError(path, err)
}

// createFile makes a new database beside path and renames it, so that a power cut
// leaves either none or a whole one.
func createFile(path string) error {
	fresh := filepath.Join(filepath.Dir(path), newName)
	b, err := openBolt(fresh, Options{Timeout: time.Second})
	if err != nil {
		return err
	}
	err = b.Update(func(tx *bolt.Tx) error { return initBuckets(&Tx{bolt: tx}) })
	if err := errors.Join(err, b.Close()); err != nil {
		return writeError(fresh, err)
	}
	return moveInto(fresh, path)
}

// Close ends the use of the file. Transactions must have ended.
func (db *DB) Close() error {
	var err error
	scrubs := db.bolt != nil && db.lock != nil && db.owed()
	if scrubs {
		err = db.settleScrub()
	}
	if db.bolt != nil {
		err = errors.Join(err, db.bolt.Close())
	}
	if scrubs && err == nil {
		err = scrubFile(db.path())
	}
	if db.lock != nil {
		err = errors.Join(err, dropLock(db.lock))
	}
	return err
}

// Salvaged says in one sentence what [Open] rebuilt and what was lost, for the
// person whose party it is; "" when the file was sound.
func (db *DB) Salvaged() string { return db.salvaged }

func (db *DB) path() string { return filepath.Join(db.dir, fileName) }

// View runs fn on the state of this moment. fn must not wait for anything: a
// long read keeps the file growing.
func (db *DB) View(fn func(*Tx) error) error {
	return guard(db.path(), func() error {
		return db.bolt.View(func(b *bolt.Tx) error {
			_, err := run(b, db.path(), fn)
			return err
		})
	})
}

// errSame undoes a transaction that wrote nothing: to commit it, bbolt would write its meta page and flush the disk twice.
var errSame = errors.New("nothing was written")

// Update runs fn and commits what it did, on disk before Update returns. An error
// of fn undoes everything. Where fn writes nothing, the disk is left alone. A full
// disk is [ErrFull]; the database stays usable.
func (db *DB) Update(fn func(*Tx) error) error {
	kept := false
	err := guard(db.path(), func() error {
		return db.bolt.Update(func(b *bolt.Tx) (err error) {
			kept, err = run(b, db.path(), fn)
			if wrote := b.Stats(); err == nil && wrote.GetNodeCount() == 0 { // what changes a bucket makes a node of it
				return errSame
			}
			return err
		})
	})
	if errors.Is(err, errSame) {
		return nil
	}
	if err == nil && kept {
		db.changed.Store(true)
	}
	return full(err)
}

func run(b *bolt.Tx, path string, fn func(*Tx) error) (kept bool, err error) {
	tx := &Tx{bolt: b, path: path}
	if err := fn(tx); err != nil {
		return false, err
	}
	return tx.kept, tx.err
}

// guard turns a memory fault into an error: a file cut short under a running
// process would otherwise end it. Other panics go on.
func guard(path string, fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch p := recover().(type) {
		case nil:
		case interface{ Addr() uintptr }:
			err = &DamagedError{Path: path, Why: fmt.Sprintf("reading it failed: %v", p)}
		default:
			panic(p)
		}
	}()
	return fn()
}
