package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"

	"watchparty/node"
	"watchparty/node/party"
	"watchparty/store"
)

// A memory is what a house knows: asked of its host while that runs, which has the
// file to itself, else read from the file.
type memory interface {
	// accounts lists everybody the house knows.
	accounts(ctx context.Context) ([]party.Account, error)
	// parties lists the house's parties, the newest first.
	parties(ctx context.Context) ([]node.Past, error)
	// chapter reads a party's log after a record; no records mean that it ends there.
	chapter(ctx context.Context, id party.ID, after party.Seq) (node.Chapter, error)
	close()
}

// remember opens the memory of a data folder.
func remember(ctx context.Context, data string) (memory, error) {
	r, err := reach(ctx, data)
	if err == nil {
		return r, nil
	}
	var unreached *node.UnreachedError
	if !errors.As(err, &unreached) {
		return nil, err
	}
	db, err := store.Open(data, store.Options{ReadOnly: true})
	if errors.Is(err, fs.ErrNotExist) {
		return nothing{}, nil
	}
	if err != nil {
		return nil, err
	}
	return file{db}, nil
}

func (r *remote) accounts(ctx context.Context) ([]party.Account, error) {
	var answer struct{ Members []party.Account }
	err := r.call(ctx, http.MethodGet, "/api/members", nil, &answer)
	return answer.Members, err
}

func (r *remote) parties(ctx context.Context) ([]node.Past, error) {
	var answer struct{ Parties []node.Past }
	err := r.call(ctx, http.MethodGet, "/api/history", nil, &answer)
	return answer.Parties, err
}

func (r *remote) chapter(ctx context.Context, id party.ID, after party.Seq) (c node.Chapter, err error) {
	err = r.call(ctx, http.MethodGet, fmt.Sprintf("/api/history/%s?after=%d", url.PathEscape(string(id)), after), nil, &c)
	return c, err
}

// file is the memory of a house whose host does not run.
type file struct{ db *store.DB }

func (f file) accounts(context.Context) (all []party.Account, err error) {
	err = f.db.View(func(tx *store.Tx) error {
		all, err = tx.Accounts()
		return err
	})
	return all, err
}

func (f file) parties(context.Context) ([]node.Past, error) { return node.Archive{DB: f.db}.Parties() }

func (f file) chapter(_ context.Context, id party.ID, after party.Seq) (node.Chapter, error) {
	return node.Archive{DB: f.db}.Chapter(id, after)
}

func (f file) close() { f.db.Close() }

// nothing is the memory of a house that has had no party yet.
type nothing struct{}

func (nothing) accounts(context.Context) ([]party.Account, error) { return nil, nil }

func (nothing) parties(context.Context) ([]node.Past, error) { return []node.Past{}, nil }

func (nothing) chapter(context.Context, party.ID, party.Seq) (node.Chapter, error) {
	return node.Chapter{}, &party.Refusal{Code: "WP-UNKNOWN", Reason: "No party has been held with this data folder yet. Name another with --data."}
}

func (nothing) close() {}
