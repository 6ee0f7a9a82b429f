//go:build long

package nodetest_test

import (
	"slices"
	"strings"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestCameraOverHTTPS: a guest who is called up at an address where the browser gives no camera is told why and led to the same
// page over HTTPS; past the browser's warning they are still themself, and their camera reaches the stage.
func TestCameraOverHTTPS(t *testing.T) {
	t.Parallel()
	h := Host(t, withStage, withHTTPS)
	boss := h.Boss()
	sofa := Chromium(t).Open(strings.Replace(h.Ready.Invite, "127.0.0.1", "salon.local", 1), Small)
	sofa.Enter("Your name", "Sofa", "Join")
	var id party.MemberID
	boss.Until("the guest", func() bool {
		for _, m := range boss.StateNow().Members {
			if m.Name == "Sofa" && len(m.Screens) > 0 {
				id = m.ID
			}
		}
		return id != ""
	})
	boss.Must(party.Beckon{Member: id})
	sofa.Click("Look in the mirror first")
	sofa.Until("why there is no camera", `!isSecureContext && document.querySelector('.insecure a.primary').offsetParent`)
	keepPictures(t, map[string]*Page{"insecure": sofa})
	Eval[bool](sofa, `document.querySelector('.insecure a.primary').click() || true`)
	sofa.Until("the browser's warning", `document.querySelector('#proceed-link')`)
	Eval[bool](sofa, `document.querySelector('#proceed-link').click() || true`)
	sofa.Until("the page over HTTPS", `isSecureContext && location.protocol === 'https:'`)
	sofa.Click("Look in the mirror first")
	sofa.Click("Turn on the preview")
	sofa.Until("picture and sound", `(v = document.querySelector('.preview video')).videoWidth > 0 && v.srcObject.getAudioTracks().length > 0`)
	sofa.Click("Go on stage")
	boss.Until("the camera on stage", func() bool {
		return slices.ContainsFunc(boss.StateNow().Stage, func(f party.Face) bool { return f.Member == id && f.Since > 0 })
	})
	sofa.Until("the sign", `document.querySelector('.on-air').textContent === 'You are on stage'`)
	keepPictures(t, map[string]*Page{"over-https": sofa})
}
