//go:build long

package nodetest_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"testing"

	. "watchparty/node/nodetest"
	"watchparty/node/party"
)

// TestWholeEvening is a whole evening with the built program: the host invites people of three regions and two memberships, picks a film, goes on
// camera; who may not watch is told why and stays, who may watches, by the host's page or by a node of their own; they chat, cheer and
// subscribe. What it came to is on every page, in the API and on the command line, right to the second and the Bit.
func TestWholeEvening(t *testing.T) {
	data := t.TempDir()
	p := start(t, "", "serve", "--json", "--no-mdns", "--listen", "127.0.0.1:0", "--data", data, "--region", "FR", "--name", "Friday films")
	h, b := p.house(), Chromium(t)
	desk := b.Open(strings.Replace(h.Ready.Desk, "127.0.0.1", "localhost", 1), Desktop)
	desk.Click("Invite")
	ann := b.Open(invite(desk, "FR", "prime"), Phone)
	ann.Enter("Votre nom", "Ann", "Rejoindre")
	ben := b.Open(invite(desk, "DE", "kids"), Small)
	ben.Enter("Your name", "Ben", "Join")
	den := start(t, "", "join", invite(desk, "US", "prime"), "--name", "Cleo", "--player", "none", "--json", "--data", t.TempDir())
	cleo := b.Open(den.event("joined").URL, Small)
	keepPictures(t, map[string]*Page{"evening-invite": desk})
	desk.Click("Close")

	desk.Click("Choose a film")
	desk.Click("Small Hours")
	desk.Until("its episodes", `document.querySelector('.episode')?.offsetParent`)
	Eval[any](desk, `document.querySelector('.episode').click()`)
	desk.Until("the episode", Button("Play for everyone"))
	keepPictures(t, map[string]*Page{"evening-choose": desk})
	desk.Click("Play for everyone")
	guests := map[string]*Page{"Ann": ann, "Ben": ben, "Cleo": cleo}
	for who, page := range guests {
		page.Until("the episode for "+who, playing+` && v.currentTime > 1 && watchparty.timeline.title === 'small-hours-s01e01'`)
	}
	goesOnCamera(desk, guests)
	keepPictures(t, map[string]*Page{"evening-desk": desk, "evening-ann": ann, "evening-ben": ben, "evening-cleo": cleo})

	refused := func(title string, pages map[*Page]string) {
		desk.Click("Choose a film")
		desk.Click(title)
		desk.Click("Play for everyone")
		for page, why := range pages {
			page.Until("why not: "+why, fmt.Sprintf(`document.querySelector('main').innerText.includes(%q)`, why))
		}
	}
	refused("Aurora", map[*Page]string{ben: "Not available in your region (DE)", cleo: "Not available in your region (US)"})
	ann.Until("the film for who may", playing+` && v.currentTime > 2 && watchparty.timeline.title === 'aurora'`)
	ben.Fill("Message", "tell me how it ends")
	ben.Click("Send")
	ann.Until("who is locked out in the chat", `document.querySelector('[role=log]').innerText.includes('tell me how it ends')`)
	keepPictures(t, map[string]*Page{"evening-region": ben, "evening-region-node": cleo, "evening-aurora": ann})
	refused("Harbour Lights", map[*Page]string{ben: "For members of prime"})
	for who, page := range map[string]*Page{"Ann": ann, "Cleo": cleo} {
		page.Until("the film for "+who, playing+` && v.currentTime > 2 && watchparty.timeline.title === 'harbour-lights'`)
	}
	keepPictures(t, map[string]*Page{"evening-members": ben})

	cheers(t, data, desk, ann, ben, cleo)
	desk.Click("End the party")
	desk.Click("End it for everyone")
	for page, words := range map[*Page]string{desk: "4 people at once · 3 lines · 800 Bits", ben: "4 people at once · 3 lines · 800 Bits", cleo: "4 people at once · 3 lines · 800 Bits", ann: "4 personnes à la fois · 3 messages · 800 Bits"} {
		page.Until("the report", `document.querySelector('.sum')?.innerText.replace(/[\u202f\u00a0]/g, ' ').includes('`+words+`')`)
	}
	ben.Until("its top", `document.querySelector('.sum-grand').getBoundingClientRect().top > 0`)
	keepPictures(t, map[string]*Page{"evening-report-desk": desk, "evening-report-ann": ann, "evening-report-ben": ben, "evening-report-cleo": cleo})
	addsUp(t, h, data, desk)
	takesBack(t, h, desk)
}

func goesOnCamera(desk *Page, guests map[string]*Page) {
	desk.Helper()
	desk.Click("Camera")
	desk.Click("Turn on the preview")
	desk.Until("the preview", `document.querySelector('.preview video').videoWidth > 0`)
	desk.Click("Go on stage")
	for who, page := range guests {
		page.Until("the host's face for "+who, face+` > 10`)
	}
	desk.Click("Close")
}

// takesBack deletes a line of the evening that is over.
func takesBack(t *testing.T, h *House, desk *Page) {
	t.Helper()
	desk.Click("Past evenings")
	desk.Click("Friday films")
	desk.Until("what was said", `(d = document.querySelector('dialog[open] .past details')) && (d.open = true) && /tell me how it ends[^]*what a light[^]*bravo/.test(d.innerText)`)
	keepPictures(t, map[string]*Page{"evening-past": desk})
	desk.Click("Delete this line")
	desk.Until("that it is deleted", `/This line was deleted[^]*what a light/.test(document.querySelector('dialog[open] .past details').innerText)`)
	if a := h.Boss().Get("/api/history/" + string(h.Ready.Party)); strings.Contains(string(a.Body), "how it ends") {
		t.Error("the log still says it")
	}
}

// cheers has the host give Bits, on the desk and by the command line, and those who have them cheer and subscribe.
func cheers(t *testing.T, data string, desk, ann, ben, cleo *Page) {
	t.Helper()
	desk.Click("Manage Ann")
	desk.Replace("Bits", "2000")
	desk.Click("Give")
	desk.Until("that it is given", `/Ann was given 2,000 Bits/.test(document.querySelector('[role=log]').innerText)`)
	desk.Click("Close")
	onCommand(t, "member", "grant", "Cleo", "--bits", "60", "--data", data)
	cleo.Fill("Message", "Cheer50 what a light")
	cleo.Click("Send")
	ann.Fill("Message", "Cheer250 bravo")
	ann.Click("Envoyer")
	ann.Click("Encourager avec des Bits")
	ann.Click("S’abonner ou offrir")
	ann.Click("S’abonner pour 500 Bits")
	ann.Until("thanks", `/C’est fait/.test(document.querySelector('dialog[open]').innerText)`)
	ann.Click("Fermer")
	ben.Until("all of it", `/what a light[^]*bravo[^]*Subscribed/.test(document.querySelector('[role=log]').innerText)`)
	keepPictures(t, map[string]*Page{"evening-bits": ben, "evening-bits-desk": desk, "evening-bits-ann": ann})
}

// invite makes a link with its own terms on the desk, whose sheet for that is open.
func invite(desk *Page, region, tier string) string {
	desk.Helper()
	desk.Until("its terms", `(d = document.querySelector('dialog[open] details.terms')) && (d.open = true)`)
	before := Eval[string](desk, `document.querySelector('.invite-made .copy-text')?.value ?? ''`)
	desk.Replace("Region", region)
	desk.Replace("Memberships", tier)
	desk.Click("Make the link")
	const made = `document.querySelector('.invite-made .copy-text')?.value`
	desk.Until("the link", made+` && `+made+fmt.Sprintf(` !== %q`, before))
	return Eval[string](desk, made)
}

// onCommand runs the program and gives what it says.
func onCommand(t *testing.T, args ...string) []byte {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = environment()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	return out
}

// A fact is a record of the log, as much of it as the sum below wants.
type fact struct {
	At    int64
	By    string
	Came  *struct{ ID string }
	Went  *struct{ ID string }
	Timed *struct {
		Title             string
		At                int64
		Pos, Rate, Length float64
	}
	Sifted     *struct{ Out []string }
	Said       *struct{ Bits int64 }
	Subscribed *struct{ Price int64 }
}

// An account of an evening: milliseconds watched by all, of each member and of each title, and the most at once.
type account struct {
	all    float64
	of, on map[string]float64
	peak   int
	bits   int64
}

// reckon adds the log up anew, in the plainest way: between each two records nothing changes, but that a film begins or ends.
func reckon(facts []fact) account {
	a := account{of: map[string]float64{}, on: map[string]float64{}}
	screens, out := map[string]map[string]bool{}, map[string]bool{}
	line := fact{}.Timed
	for i, f := range facts {
		if i > 0 && line != nil && line.Rate > 0 {
			from, to := math.Max(float64(facts[i-1].At), float64(line.At)), float64(f.At)
			to = math.Min(to, float64(line.At)+(line.Length-line.Pos)*1000/line.Rate)
			for who, s := range screens {
				if ran := (to - from) * line.Rate; ran > 0 && len(s) > 0 && !out[who] {
					a.all += ran
					a.of[who] += ran
					a.on[line.Title] += ran
				}
			}
		}
		switch {
		case f.Came != nil:
			if screens[f.By] == nil {
				screens[f.By] = map[string]bool{}
			}
			screens[f.By][f.Came.ID] = true
		case f.Went != nil:
			delete(screens[f.By], f.Went.ID)
		case f.Timed != nil:
			if line == nil || line.Title != f.Timed.Title {
				clear(out)
			}
			line = f.Timed
		case f.Sifted != nil:
			clear(out)
			for _, who := range f.Sifted.Out {
				out[who] = true
			}
		case f.Said != nil:
			a.bits += f.Said.Bits
		case f.Subscribed != nil:
			a.bits += f.Subscribed.Price
		}
		n := 0
		for _, s := range screens {
			n += min(len(s), 1)
		}
		a.peak = max(a.peak, n)
	}
	return a
}

// addsUp compares what the evening came to, by the command line, the API and the desk's page, with the log.
func addsUp(t *testing.T, h *House, data string, desk *Page) {
	t.Helper()
	var shown struct {
		Evening party.Evening
		Bits    struct{ Cheered, Given, Months int64 }
		Members []party.Member
		Records []fact
	}
	if err := json.Unmarshal(onCommand(t, "history", "show", string(h.Ready.Party), "--format", "json", "--data", data), &shown); err != nil {
		t.Fatal(err)
	}
	var api struct {
		Party struct{ Evening party.Evening }
	}
	if err := json.Unmarshal(h.Boss().Get("/api/history/"+string(h.Ready.Party)).Body, &api); err != nil {
		t.Fatal(err)
	}
	want := reckon(shown.Records)
	near := func(what string, got, ms float64) {
		t.Helper()
		if math.Abs(got-ms/1000) > 0.5 {
			t.Errorf("%s: %v s, and by the log %v ms", what, got, ms)
		}
	}
	for from, e := range map[string]party.Evening{"command": shown.Evening, "API": api.Party.Evening} {
		near(from+", watched", e.Watched, want.all)
		near(from+", ever", e.Ever+map[bool]float64{true: e.Watched}[e.Ever == 0], want.all)
		for _, one := range e.People {
			near(from+", "+string(one.Member), one.Watched, want.of[string(one.Member)])
		}
		for _, one := range e.Shown {
			near(from+", "+string(one.Title), one.Watched, want.on[string(one.Title)])
		}
		if e.Peak != want.peak || e.Peak != 4 || e.Bits != want.bits || e.Bits != 800 || e.Lines != 3 || len(e.People) != 4 || len(e.Shown) != 3 {
			t.Errorf("%s: %+v, by the log %+v", from, e, want)
		}
	}
	if shown.Bits.Cheered != 300 || shown.Bits.Given != 2060 || shown.Bits.Months != 1 {
		t.Errorf("Bits: %+v", shown.Bits)
	}
	held := map[string]int64{}
	for _, m := range shown.Members {
		held[m.Name] = m.Bits
	}
	if held["Ann"] != 1250 || held["Cleo"] != 10 || held["Ben"] != 0 || held["Host"] != 800 {
		t.Errorf("they hold %v", held)
	}
	if grand := Eval[string](desk, `document.querySelector('.sum-grand').innerText`); grand != fmt.Sprintf("%.0f s", want.all/1000) && want.all < 119e3 || !strings.HasPrefix(grand, fmt.Sprintf("%.0f ", want.all/60e3)) && want.all > 120e3 {
		t.Errorf("the page says %q, and by the log it is %v ms", grand, want.all)
	}
	t.Logf("%.1f s watched by %d people, %v", want.all/1000, want.peak, want.on)
}
