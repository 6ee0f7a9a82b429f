package nodetest_test

import (
	"context"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"watchparty/node"
	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// stageChild is set for this test's own program when it is to be a stage.
const stageChild = "WATCHPARTY_TEST_STAGE"

func stageOfTest(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), stageChild+"=1")
	return cmd
}

// withStage has a host put up a stage, nodeStage a guest's node.
func withStage(c *node.HostConfig)  { c.Camera = stageOfTest }
func nodeStage(c *node.GuestConfig) { c.Camera = stageOfTest }

// face is how a page sees the first face: how many pictures it has shown, and whether they differ.
const face = `(() => { const v = document.querySelector('video[data-part="camera"]'); return v ? v.getVideoPlaybackQuality().totalVideoFrames : 0 })()`

// faceOf is how many pictures of somebody's face a page has shown.
func faceOf(name string) string {
	return `(([...document.querySelectorAll('.face')].find(f => f.textContent.includes('` + name + `'))?.querySelector('video').getVideoPlaybackQuality().totalVideoFrames) ?? 0)`
}

// TestFace: the host goes on stage from the desk, is seen and heard while the film plays, by a guest and on another
// node's own page, and leaves. Meanwhile who sits at that node is called up and comes, and is seen and heard by all.
func TestFace(t *testing.T) {
	t.Parallel()
	h := Host(t, withStage)
	b := Shell(t)
	desk := b.Open(strings.Replace(h.Ready.Desk, "127.0.0.1", "localhost", 1), Small)
	sofa := b.Open(h.Ready.Invite, Small)
	sofa.Enter("Your name", "Sofa", "Join")
	boss, den := h.Boss(), h.Node("Attic", "", nodeStage)
	attic := b.Open(den.URL("/"), Small)
	boss.Must(party.Cue{Title: "night-train", Play: true})
	desk.Click("Camera")
	desk.Click("Turn on the preview")
	desk.Until("the preview", `document.querySelector('.preview video').videoWidth > 0`)
	desk.Click("Go on stage")
	desk.Until("the sign", `!document.querySelector('.on-air').hidden && document.querySelector('.on-air').textContent === 'You are on stage'`)
	sofa.Until("the host's face", face+` > 20`)
	sofa.Until("the host's voice", `document.querySelector('.face').classList.contains('speaks')`)
	sofa.Until("the film makes room", `document.querySelector('video[data-part="film"]').volume < 0.8`)
	attic.Until("the host's face by way of the node", face+` > 20`)
	attic.Until("the host's voice by way of the node", `document.querySelector('.face').classList.contains('speaks')`)

	boss.Must(party.Beckon{Member: den.Guest.Joined().Member})
	attic.Click("Look in the mirror first")
	attic.Click("Turn on the preview")
	attic.Until("the preview", `document.querySelector('.preview video').videoWidth > 0`)
	attic.Click("Go on stage")
	attic.Until("the sign", `!document.querySelector('.on-air').hidden && document.querySelector('.on-air').textContent === 'You are on stage'`)
	sofa.Until("the face from the node", faceOf("Attic")+` > 20`)
	desk.Until("the face from the node", faceOf("Attic")+` > 20`)
	sofa.Until("the voice from the node", `[...document.querySelectorAll('.face.speaks')].some(f => f.textContent.includes('Attic'))`)
	keepPictures(t, map[string]*Page{"desk": desk, "sofa": sofa, "attic": attic})
	boss.Must(party.Bow{Member: den.Guest.Joined().Member})
	attic.Until("no sign", `document.querySelector('.on-air').hidden`)
	sofa.Until("the host alone", `document.querySelectorAll('.face').length === 1`)

	asOneLikes(desk, sofa)
	desk.Click("You are on stage")
	sofa.Until("an empty stage", `!document.querySelector('.face') && !document.querySelector('.camera-empty').hidden`)
	sofa.Until("the film as before", `document.querySelector('video[data-part="film"]').volume > 0.8`)
	if text := Eval[bool](desk, `document.querySelector('.on-air').hidden`); !text {
		t.Error("the desk says that the camera is on")
	}
}

// asOneLikes chooses how the faces are heard and seen on the sofa, and looks how far they are behind at the desk.
func asOneLikes(desk, sofa *Page) {
	sofa.Click("The film while somebody speaks")
	sofa.Click("Much quieter")
	sofa.Until("the film to make more room", `(v = document.querySelector('video[data-part="film"]')).volume < 0.3 && v.volume > 0`)
	sofa.Click("As loud as before")
	sofa.Until("the film to make none", `document.querySelector('.speaks') && document.querySelector('video[data-part="film"]').volume > 0.8`)
	Eval[bool](sofa, `document.querySelector('.faces-loud').value = 0.2, document.querySelector('.faces-loud').dispatchEvent(new Event('input'))`)
	sofa.Until("a face that is not so loud", `Math.abs(document.querySelector('.face video').volume - 0.2) < 0.01`)
	desk.Until("the delay", `document.querySelector('.on-air-delay').offsetParent && document.querySelector('.on-air-delay').textContent.match(/^Camera: [1-9]\d* ms behind/)`)
	sofa.Click("Hide faces")
	sofa.Until("no face", `!document.querySelector('.face')`)
	sofa.Click("Show faces")
	sofa.Until("the face", face+` > 1`)
}

// TestStageDoor: who may not be on stage is told why, and nothing that is no offer does any harm.
func TestStageDoor(t *testing.T) {
	h := Host(t, withStage)
	guest := h.Guest("Sofa")
	sdp := func(r *http.Request) { r.Header.Set("Content-Type", "application/sdp") }
	for _, path := range []string{"/whip", "/whep"} {
		if a := Do(t, "POST", h.URL(path), "", nil, sdp); a.Status != http.StatusUnauthorized {
			t.Errorf("%s without a pass: %d", path, a.Status)
		}
	}
	if a := Do(t, "POST", h.URL("/whip"), guest.Token, nil, sdp); a.Status != http.StatusForbidden || a.Code() != "WP-FORBIDDEN" {
		t.Errorf("a guest who was not called: %d %s", a.Status, a.Body)
	}
	if a := Do(t, "POST", h.URL("/whep"), guest.Token, nil, sdp); a.Status != http.StatusNotFound || a.Code() != "WP-STAGE-EMPTY" {
		t.Errorf("an empty stage: %d %s", a.Status, a.Body)
	}
}
