package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"watchparty/node"
	"watchparty/node/party"
)

const (
	// hostTimeout bounds one request to the running host, which is on this machine.
	hostTimeout = 20 * time.Second
	// maxAnswer bounds what the host may answer, in bytes: many times a chapter.
	maxAnswer = 64 << 20
)

// A remote is the running host of a data folder, reached by HTTP as its desk.
type remote struct {
	data, base, token string
	client            *http.Client
}

// readRunFile says where the host of a data folder is, if it is running.
func readRunFile(data string) (node.RunFile, error) {
	var run node.RunFile
	b, err := os.ReadFile(filepath.Join(data, node.RunFileName))
	if err == nil {
		err = json.Unmarshal(b, &run)
	}
	return run, err
}

// reach opens the desk of the host that runs with a data folder. The caller closes
// it, so that the pass it took is void again.
func reach(ctx context.Context, data string) (*remote, error) {
	r := &remote{data: data, client: &http.Client{
		Timeout:       hostTimeout,
		Transport:     &http.Transport{}, // no proxy: the host is here
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	run, err := readRunFile(data)
	if err != nil {
		return nil, r.unreached(err)
	}
	r.base = run.URL
	var joined struct{ Token string }
	err = r.call(ctx, http.MethodPost, "/api/join", map[string]string{"secret": run.Desk, "name": ""}, &joined)
	var refusal *party.Refusal
	if errors.As(err, &refusal) && strings.HasPrefix(refusal.Code, "WP-INVITE-") {
		return nil, r.unreached(err) // another party has taken the port of one that was killed
	}
	r.token = joined.Token
	return r, err
}

func (r *remote) unreached(err error) error {
	return &node.UnreachedError{
		Sentence: "No party is running with the data folder " + r.data + "; start one with `watchparty serve`, or name the folder with --data.",
		Err:      err,
	}
}

// call makes a request and decodes the answer. A refusal is a [*party.Refusal], a
// host that does not answer a [*node.UnreachedError].
func (r *remote) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("ask the host: %w", err)
		}
		body = bytes.NewReader(b)
	}
	q, err := http.NewRequestWithContext(ctx, method, r.base+path, body)
	if err != nil {
		return r.unreached(err)
	}
	q.Header.Set("Content-Type", "application/json")
	if r.token != "" {
		q.Header.Set("Authorization", "Bearer "+r.token)
	}
	answer, err := r.client.Do(q)
	if err != nil {
		return r.unreached(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return r.unreached(err)
	}
	if answer.StatusCode == http.StatusOK {
		if err := json.Unmarshal(b, out); err != nil {
			return r.unreached(err) // whoever has the port now is no watchparty
		}
		return nil
	}
	var refusal party.Refusal
	switch err := json.Unmarshal(b, &refusal); {
	case err != nil || refusal.Code == "":
		return r.unreached(fmt.Errorf("answer %s", answer.Status))
	case refusal.Code == "WP-BROKEN":
		return errors.New(plain(refusal.Reason))
	}
	return &refusal
}

// close gives the pass back, also when the command was interrupted.
func (r *remote) close() {
	ctx, stop := context.WithTimeout(context.Background(), time.Second)
	defer stop()
	var left struct{}
	_ = r.call(ctx, http.MethodPost, "/api/leave", struct{}{}, &left) // a pass left over ends by itself
	r.client.CloseIdleConnections()
}
