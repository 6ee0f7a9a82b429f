//go:build long

package nodetest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	. "watchparty/node/nodetest"
)

// evil is a page of somebody else's that tries everything on the party whose address it was given, and keeps in got what came of it.
const evil = `<!doctype html><title>kittens</title><body><script>
const at = new URLSearchParams(location.search).get('at'), got = {};
const read = what => fetch(at + what, {credentials: 'include'}).then(r => 'read ' + r.status);
const post = (what, mode, kind) => fetch(at + what, {method: 'POST', mode, credentials: 'include', headers: {'Content-Type': kind}, body: '{}'}).then(r => r.type === 'opaque' ? 'sent' : 'read ' + r.status);
const load = (tag, attribute, what) => new Promise((yes, no) => {
  const e = document.createElement(tag);
  e.onload = e.onloadedmetadata = () => yes('loaded');
  e.onerror = () => no('not loaded');
  e[attribute] = at + what;
  document.body.append(e);
});
const form = what => new Promise(yes => {
  const into = document.createElement('iframe'), f = document.createElement('form');
  into.name = f.target = 'into' + what;
  document.body.append(into, f);
  into.onload = () => yes('sent');
  Object.assign(f, {action: at + what, method: 'POST', enctype: 'text/plain'});
  const i = document.createElement('input');
  [i.name, i.value] = ['{"a":"', '"}'];
  f.append(i);
  f.submit();
});
const socket = () => new Promise((yes, no) => {
  const s = new WebSocket(at.replace('http', 'ws') + '/ws');
  s.onopen = () => yes('open');
  s.onerror = () => no('closed');
});
const frame = () => new Promise(yes => {
  const f = document.createElement('iframe');
  f.onload = () => yes('over'); // what is shown there cannot be looked into
  f.src = at + '/';
  document.body.append(f);
});
const tries = {
  'fetch me': () => read('/api/me'), 'fetch titles': () => read('/api/titles'), 'fetch a film': () => read('/media/t/night-train/file'),
  'plain post': () => post('/api/leave', 'no-cors', 'text/plain'), 'JSON post': () => post('/api/leave', 'cors', 'application/json'),
  'image': () => load('img', 'src', '/media/t/night-train/poster'), 'video': () => load('video', 'src', '/media/t/night-train/file'),
  'script': () => load('script', 'src', '/api/me'), 'form': () => form('/api/leave'), 'invite by form': () => form('/api/invites'),
  'socket': socket, 'frame': frame,
};
Promise.all(Object.entries(tries).map(async ([what, f]) => got[what] = await f().catch(e => 'no: ' + e))).then(() => window.done = true);
</script>`

// TestEvilPages: in a browser that is at the party, a page of another site, one at the party's own address but another port,
// and the party's own page under a name that was rebound to its address, neither read nor change nor show anything of it.
func TestEvilPages(t *testing.T) {
	h := Host(t)
	boss := h.Boss()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, evil)
	}))
	t.Cleanup(site.Close)
	_, port, _ := strings.Cut(h.Ready.QUIC, ":")
	_, theirs, _ := strings.Cut(site.Listener.Addr().String(), ":")
	p := Chromium(t).Open(h.Ready.Invite, Small)
	p.Enter("Your name", "Ann", "Join")
	drawn := p.Asked("http://" + h.Ready.QUIC + "/ui/") // by the party's page, wherever it is shown
	for _, from := range []string{"127.0.0.1:" + theirs, "evil.local:" + theirs} {
		Eval[bool](p, fmt.Sprintf(`location.assign('http://%s/?at=http://%s') || true`, from, h.Ready.QUIC))
		p.Until("the end of all tries", `location.host === '`+from+`' && window.done`)
		for what, came := range Eval[map[string]string](p, `got`) {
			allowed := map[string]string{"plain post": "sent", "form": "sent", "invite by form": "sent", "frame": "over"}[what] // and refused: see below
			if came != allowed && !strings.HasPrefix(came, "no: ") {
				t.Errorf("%s from %s: %s", what, from, came)
			}
		}
	}
	if n := drawn(); n != 0 {
		t.Errorf("the party's page was shown in a frame: it asked for %d files of its own", n)
	}
	rebound := "evil.local:" + port
	Eval[bool](p, `location.assign('http://`+rebound+`/') || true`)
	p.Until("a refusal", `location.host === '`+rebound+`' && document.body.innerText.includes('WP-HOST')`)
	if came := Eval[string](p, `fetch('/api/titles').then(r => String(r.status), () => 'no')`); came != "421" && came != "no" {
		t.Errorf("a rebound name reads: %s", came)
	}
	Eval[bool](p, `location.assign('`+URLWithout(h.Ready.Invite)+`') || true`)
	p.Until("that Ann is in still", `location.host === '`+h.Ready.QUIC+`' && document.querySelector('[role=log]')?.offsetParent`)
	ann := 0
	for _, m := range boss.State().Members {
		if m.Name == "Ann" {
			ann++
		}
	}
	if ann != 1 || len(boss.State().Members) != 2 {
		t.Errorf("at the party: %+v", boss.State().Members)
	}
}
