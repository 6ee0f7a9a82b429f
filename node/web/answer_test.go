package web

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"testing"

	"watchparty/node/party"
)

// TestStatuses: what a refusal means to a program is in its status.
func TestStatuses(t *testing.T) {
	for code, want := range map[string]int{
		"WP-REGION": 451, "WP-MEMBERSHIP": 403, "WP-UNKNOWN": 404, "WP-PASS": 401, "WP-SLOW": 429, "WP-ANYTHING": 400,
		"WP-HOST-AWAY": 502, "WP-UNREACHABLE": 502, "WP-CLOSING": 502, "WP-FULL": 503, "WP-MEDIA-GONE": 503, "WP-BROKEN": 500,
	} {
		w := httptest.NewRecorder()
		err := fmt.Errorf("ask: %w", &party.Refusal{Code: code, Reason: "No."})
		fail(w, httptest.NewRequest("GET", "/", nil), slog.New(slog.DiscardHandler), err)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", code, w.Code, want)
		}
	}
}
