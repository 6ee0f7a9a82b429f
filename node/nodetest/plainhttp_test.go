package nodetest_test

import (
	"strings"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestPlainHTTP: a phone whose browser takes the page for insecure, as at every address that is no localhost, has the film and the chat;
// where a camera is asked for it reads why there is none.
func TestPlainHTTP(t *testing.T) {
	t.Parallel()
	h := Host(t, withStage, withHTTPS)
	boss := h.Boss()
	phone := Chromium(t).Open(strings.Replace(h.Ready.Invite, "127.0.0.1", "salon.local", 1), Phone)
	phone.Enter("Votre nom", "Canapé", "Rejoindre")
	boss.Must(party.Cue{Title: "night-train", Play: true})
	phone.Until("the film", `!isSecureContext && `+playing+` && v.currentTime > 1`)
	phone.Fill("Message", "without a lock\r")
	boss.Saw("without a lock")
	var guest party.MemberID
	for id, m := range boss.State().Members {
		if m.Name == "Canapé" {
			guest = id
		}
	}
	boss.Must(party.Beckon{Member: guest})
	phone.Click("Me voir d’abord")
	phone.Until("why there is no camera", `document.querySelector('.insecure a.primary')?.offsetParent && document.querySelector('.insecure a.primary').protocol === 'https:'`)
	keepPictures(t, map[string]*Page{"plain-http": phone})
	phone.Until("the film that goes on", playing)
}
