package web

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"syscall"
	"time"

	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/node/party"
)

const (
	// maxBody bounds what a POST may bring, in bytes.
	maxBody = 64 << 10
	// bodyTime is how long a request's body may take to come.
	bodyTime = 10 * time.Second
)

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, status int, code, reason string) {
	answer(w, status, party.Refusal{Code: code, Reason: reason})
}

// statuses maps the code of a refusal to what HTTP says; 400 is for the rest.
var statuses = map[string]int{
	string(catalog.CodeRegion):     http.StatusUnavailableForLegalReasons,
	string(catalog.CodeMembership): http.StatusForbidden,
	string(catalog.CodeWindow):     http.StatusForbidden,
	string(catalog.CodeRating):     http.StatusForbidden,
	string(catalog.CodeUnknown):    http.StatusNotFound,
	"WP-PASS":                      http.StatusUnauthorized,
	"WP-CODE-WRONG":                http.StatusUnauthorized,
	"WP-PIN-WRONG":                 http.StatusUnauthorized,
	"WP-PIN-ROTATED":               http.StatusUnauthorized,
	"WP-INVITE-USED":               http.StatusUnauthorized,
	"WP-INVITE-EXPIRED":            http.StatusUnauthorized,
	"WP-INVITE-UNKNOWN":            http.StatusUnauthorized,
	"WP-FORBIDDEN":                 http.StatusForbidden,
	"WP-DOORS":                     http.StatusForbidden,
	"WP-CANCELLED":                 http.StatusForbidden,
	"WP-REMOVED":                   http.StatusForbidden,
	"WP-BANNED":                    http.StatusForbidden,
	"WP-KNOWN":                     http.StatusForbidden,
	"WP-WAIT":                      http.StatusForbidden,
	"WP-TURNED-AWAY":               http.StatusForbidden,
	"WP-NAME-TAKEN":                http.StatusConflict,
	"WP-ENDED":                     http.StatusConflict,
	"WP-EXISTS":                    http.StatusConflict,
	"WP-SLOW":                      http.StatusTooManyRequests,
	string(media.CodeLeft):         http.StatusUnauthorized,
	string(media.CodeGone):         http.StatusServiceUnavailable,
	"WP-FFMPEG-MISSING":            http.StatusNotImplemented,
	"WP-MEDIA-BROKEN":              http.StatusUnprocessableEntity,
	"WP-MEDIA-SLOW":                http.StatusServiceUnavailable,
	"WP-TRANSCODE-STALL":           http.StatusServiceUnavailable,
	"WP-TRANSCODE-BUSY":            http.StatusServiceUnavailable,
	"WP-CACHE-FULL":                http.StatusInsufficientStorage,
	"WP-DISK-FULL":                 http.StatusInsufficientStorage,
	"WP-HOST-AWAY":                 http.StatusBadGateway,
	"WP-UNREACHABLE":               http.StatusBadGateway,
	"WP-UDP-BLOCKED":               http.StatusBadGateway,
	"WP-CLOSING":                   http.StatusBadGateway,
	"WP-FULL":                      http.StatusServiceUnavailable,
	"WP-STAGE-DOWN":                http.StatusServiceUnavailable,
	"WP-STAGE-EMPTY":               http.StatusNotFound,
	"WP-BROKEN":                    http.StatusInternalServerError,
}

// fail answers an error: a refusal as it is, anything else as ours.
func fail(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	var refusal *party.Refusal
	var refused *media.Refused
	var gone *media.Gone
	var cannot *media.Unplayable
	switch {
	case errors.Is(err, syscall.EMFILE): // more files than may be open here at once
		refusal = full()
	case errors.As(err, &cannot):
		log.Warn("title cannot be converted", "path", r.URL.Path, "err", err)
		refusal = &party.Refusal{Code: cannot.Code(), Reason: cannot.In(languageOf(r))}
	case errors.As(err, &gone):
		log.Warn("title cannot be read", "path", r.URL.Path, "err", err)
		refusal = &party.Refusal{Code: string(media.CodeGone), Reason: gone.In(languageOf(r))}
	case errors.As(err, &refused):
		refusal = &party.Refusal{Code: string(refused.Decision.Code), Reason: refused.Decision.In(languageOf(r))}
	case errors.As(err, &refusal):
	default:
		log.Error("request failed", "path", r.URL.Path, "err", err)
		refuse(w, http.StatusInternalServerError, "WP-BROKEN", "Something broke here. The host's log says what; try again.")
		return
	}
	status, ok := statuses[refusal.Code]
	if !ok {
		status = http.StatusBadRequest
	}
	answer(w, status, refusal)
}

// read decodes the body of a POST strictly enough to tell people what is wrong.
func read(w http.ResponseWriter, r *http.Request, v any) bool {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		refuse(w, http.StatusRequestEntityTooLarge, "WP-BAD", "That is too long.")
		return false
	case err != nil:
		refuse(w, http.StatusRequestTimeout, "WP-BAD", "That did not come whole. Send it again.")
		return false
	}
	if err := json.Unmarshal(body, v); err != nil {
		refuse(w, http.StatusBadRequest, "WP-BAD", "That could not be read as JSON of the expected shape.")
		return false
	}
	return true
}
