package player

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"watchparty/media/catalog"
)

// listing is what we need to know of a title: an entry of GET /api/titles.
type listing struct {
	ID      catalog.TitleID `json:"id"`
	Title   string          `json:"title"`
	Kind    catalog.Kind    `json:"kind"`
	Artist  string          `json:"artist"`
	Allowed bool            `json:"allowed"`
	Reason  string          `json:"reason"`
	Offline bool            `json:"offline"`
	Live    *broadcast      `json:"live"` // nil: it is a file
	Play    struct {
		Sounds []struct {
			Label  string `json:"label"`
			Lang   string `json:"lang"`
			On     bool   `json:"on"`
			Beside string `json:"beside"` // empty: mpv finds it inside the film
		} `json:"sounds"`
	} `json:"play"`
	Subtitles []struct {
		Key    string `json:"key"`
		Lang   string `json:"lang"`
		Label  string `json:"label"`
		Inside bool   `json:"inside"`
	} `json:"subtitles"`
}

// name is what mpv calls it.
func (l listing) name() string {
	if l.Artist == "" {
		return l.Title
	}
	return l.Artist + " – " + l.Title
}

const (
	askTime   = 10 * time.Second
	listTime  = 5 * time.Minute // a long list over a slow line
	askAgain  = time.Second
	maxTitles = 64 << 20 // the largest catalog there may be, in bytes
)

// file is where a title's film is; of what is live, the address without a slot.
func (s *Screen) file(l listing) string {
	at := s.cfg.URL + "/media/t/" + url.PathEscape(string(l.ID))
	if l.Live != nil {
		return at + "/live"
	}
	return at + "/file"
}

// ask asks for the titles whenever that is wanted, until there is an answer.
func (s *Screen) ask(ctx context.Context) {
	for {
		select {
		case <-s.asking:
		case <-ctx.Done():
			return
		}
		list, err := s.fetch(ctx)
		if err != nil {
			s.log.Debug("ask for titles", "err", err)
			select {
			case <-time.After(askAgain):
				nudge(s.asking)
				continue
			case <-ctx.Done():
				return
			}
		}
		select {
		case s.listed <- list:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Screen) fetch(ctx context.Context) (list []listing, err error) {
	ctx, stop := context.WithTimeout(ctx, listTime)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.cfg.URL+"/api/titles", nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+s.cfg.Token)
	if s.cfg.Lang != "" {
		req.Header.Set("Accept-Language", s.cfg.Lang)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("titles: %s", res.Status)
	}
	return list, json.NewDecoder(io.LimitReader(res.Body, maxTitles)).Decode(&list)
}

// keep notes what may be watched.
func (s *Screen) keep(list []listing) {
	s.titles = make(map[catalog.TitleID]listing, len(list))
	for _, l := range list {
		s.titles[l.ID] = l
	}
}
