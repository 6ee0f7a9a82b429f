package catalog

import (
	"encoding/json"
	"testing"
	"time"
)

func day(month time.Month, d, hour int, z *time.Location) time.Time {
	return time.Date(2026, month, d, hour, 0, 0, 0, z)
}

// summer is the offset of Paris on all days that these tests ask about.
var summer = time.FixedZone("", 2*60*60)

var (
	noon  = day(6, 1, 12, summer)
	ended = Membership{"gold", day(5, 1, 0, summer).UTC()}
)

var sentenceTests = []struct {
	id         TitleID
	v          Viewer
	at         time.Time
	code       Code
	en, french string
}{
	{"open", Viewer{House: "FR"}, noon, "", "", ""},
	{"open", Viewer{House: "fr"}, noon, "", "", ""},
	{"open", Viewer{}, noon, CodeRegion,
		"Not available, because the host does not know your region. Ask the host to record it.",
		"Pas disponible, car l'hôte ne connaît pas votre région. Demandez à l'hôte de l'enregistrer."},
	{"open", Viewer{House: "kp"}, noon, CodeRegion,
		"Not available in your region (KP). If that is not your region, ask the host to correct it.",
		"Pas disponible dans votre région (KP). Si ce n'est pas la vôtre, demandez à l'hôte de la corriger."},
	{"open", Viewer{House: "world"}, noon, CodeRegion,
		"Not available, because the host does not know your region. Ask the host to record it.",
		"Pas disponible, car l'hôte ne connaît pas votre région. Demandez à l'hôte de l'enregistrer."},
	{"fr", Viewer{House: "FR"}, noon, "", "", ""},
	{"fr", Viewer{House: "DE", Tiers: []Membership{{Tier: "gold"}}}, noon, CodeRegion,
		"Not available in your region (DE). If that is not your region, ask the host to correct it.",
		"Pas disponible dans votre région (DE). Si ce n'est pas la vôtre, demandez à l'hôte de la corriger."},
	{"nobody", Viewer{House: "FR"}, noon, CodeRegion,
		"Not available in your region (FR). If that is not your region, ask the host to correct it.",
		"Pas disponible dans votre région (FR). Si ce n'est pas la vôtre, demandez à l'hôte de la corriger."},
	{"nobody", Viewer{Host: true}, noon, "", "", ""},
	{"window", Viewer{House: "FR"}, day(5, 3, 0, summer), "", "", ""},
	{"window", Viewer{House: "FR"}, day(5, 3, 0, summer).Add(-1), CodeWindow,
		"Not available before 3 May 2026. Come back then, or ask the host.",
		"Pas disponible avant le 3 mai 2026. Revenez à ce moment-là ou demandez à l'hôte."},
	{"window", Viewer{House: "FR"}, day(9, 1, 0, summer).Add(-1), "", "", ""},
	{"window", Viewer{House: "FR"}, day(9, 1, 0, summer), CodeWindow,
		"No longer available: it could be watched until 31 August 2026. Ask the host whether it comes back.",
		"Plus disponible\u00a0: ce titre pouvait être vu jusqu'au 31 août 2026. Demandez à l'hôte s'il reviendra."},
	{"evening", Viewer{House: "FR"}, day(5, 1, 0, summer), CodeWindow,
		"Not available before 3 May 2026, 20:30 (UTC+02:00). Come back then, or ask the host.",
		"Pas disponible avant le 3 mai 2026 à 20:30 (UTC+02:00). Revenez à ce moment-là ou demandez à l'hôte."},
	{"evening", Viewer{House: "FR"}, noon, CodeWindow,
		"No longer available: it could be watched until 3 May 2026, 23:00 (UTC+02:00). Ask the host whether it comes back.",
		"Plus disponible\u00a0: ce titre pouvait être vu jusqu'au 3 mai 2026 à 23:00 (UTC+02:00). Demandez à l'hôte s'il reviendra."},
	{"gold", Viewer{House: "FR", Tiers: []Membership{{Tier: "gold"}}}, noon, "", "", ""},
	{"gold", Viewer{House: "FR", Tiers: []Membership{ended}}, ended.Until.Add(-1), "", "", ""},
	{"gold", Viewer{House: "FR", Tiers: []Membership{{Tier: "Gold"}}}, noon, CodeMembership,
		"For members of gold. Ask the host for a membership.",
		"Réservé aux abonnés gold. Demandez un abonnement à l'hôte."},
	{"three", Viewer{House: "FR", Tiers: []Membership{ended}}, ended.Until, CodeMembership,
		"For members of prime, gold or crew; your membership of gold ended on 1 May 2026. Ask the host to renew it.",
		"Réservé aux abonnés prime, gold ou crew\u00a0; votre abonnement gold a pris fin le 1er mai 2026. Demandez à l'hôte de le renouveler."},
	{"three", Viewer{House: "FR", Tiers: []Membership{ended, {Tier: "crew"}}}, noon, "", "", ""},
	{"adult", Viewer{House: "FR"}, noon, "", "", ""},
	{"adult", Viewer{House: "FR", MaxRating: 16}, noon, "", "", ""},
	{"adult", Viewer{House: "FR", MaxRating: 12}, noon, CodeRating,
		"For ages 16 and over; your limit is 12. Ask the host to change the limit.",
		"À partir de 16 ans\u00a0; votre limite est de 12 ans. Demandez à l'hôte de changer la limite."},
	{"secret", Viewer{House: "FR", Tiers: []Membership{{Tier: "gold"}}}, noon, "", "", ""},
	{"secret", Viewer{Host: true}, noon, "", "", ""},
	{"nothing", Viewer{Host: true}, noon, CodeUnknown,
		"There is no such title here. Ask the host what is on.",
		"Ce titre n'existe pas ici. Demandez à l'hôte ce qui est au programme."},
}

func TestSentences(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	c := mustParse(t, `version: 1
defaults: {regions: {allow: [world], deny: [KP]}}
titles:
  - {id: open, title: O, file: a}
  - {id: fr, title: F, file: b, regions: {allow: [FR]}, hidden: false}
  - {id: nobody, title: N, file: c, regions: {allow: [world], deny: [world]}}
  - {id: window, title: W, file: d, from: 2026-05-03, until: 2026-09-01}
  - {id: evening, title: W, file: e, from: 2026-05-03T18:30:00Z, until: 2026-05-03T21:00:00Z}
  - {id: gold, title: G, file: f, tiers: [gold]}
  - {id: three, title: T, file: g, tiers: [prime, gold, crew]}
  - {id: adult, title: A, file: h, rating: 16}
  - {id: secret, title: S, file: i, hidden: true, regions: {allow: [FR]}, tiers: [gold]}
`, paris)
	for _, test := range sentenceTests {
		got := c.Decide(test.id, test.v, test.at)
		want := Decision{OK: test.code == "", Code: test.code, Reason: test.en, french: test.french}
		if day, _ := c.Title(test.id); test.code == CodeWindow && test.at.Before(day.Rule.From) {
			want.Opens = day.Rule.From.UnixMilli()
		}
		if test.code == CodeMembership {
			want.Needs = map[TitleID]string{"gold": "gold", "three": "prime, gold, crew"}[test.id]
		}
		if got != want {
			t.Errorf("%s for %+v at %s:\n%+v\nwant\n%+v", test.id, test.v, test.at, got, want)
		}
	}
}

// Nobody can tell a hidden title from one that does not exist.
func TestHiddenIsUnknown(t *testing.T) {
	c := mustParse(t, `version: 1
titles:
  - {id: secret, title: S, file: a, hidden: true, regions: {allow: [FR]}, tiers: [gold], from: 2026-05-01, rating: 12}
`, nil)
	gold := []Membership{{Tier: "gold"}}
	at := day(6, 1, 0, time.UTC)
	for _, v := range []Viewer{{}, {House: "DE", Tiers: gold}, {House: "FR"}, {House: "FR", Tiers: gold, MaxRating: 6}} {
		if got, want := c.Decide("secret", v, at), c.Decide("nothing", v, at); got != want || got.OK {
			t.Errorf("%+v is told %+v, not %+v", v, got, want)
		}
	}
	allowed := Viewer{House: "FR", Tiers: gold, MaxRating: 12}
	if got := c.Decide("secret", allowed, at); !got.OK {
		t.Errorf("%+v is told %+v", allowed, got)
	}
	if got := c.Decide("secret", allowed, day(4, 1, 0, time.UTC)); got != c.Decide("nothing", allowed, at) {
		t.Errorf("before its time: %+v", got)
	}
}

func TestZeroValuesRefuse(t *testing.T) {
	if (Decision{}).OK {
		t.Error("the zero decision admits")
	}
	if d := new(Catalog).Decide("a", Viewer{Host: true}, time.Time{}); d.OK || d.Code != CodeUnknown {
		t.Errorf("the zero catalog says %+v", d)
	}
	if d := new(Rule).decide(Viewer{House: "FR"}, time.Time{}, time.UTC); d.OK || d.Code != CodeRegion {
		t.Errorf("the zero rule says %+v", d)
	}
}

func TestLanguage(t *testing.T) {
	d := refuseRating(16, 12)
	for _, lang := range []string{"fr", "FR", "fr-CA", "fr_FR"} {
		if d.In(lang) != d.french {
			t.Errorf("%s: %s", lang, d.In(lang))
		}
	}
	for _, lang := range []string{"en", "en-GB", "de", "", "fra", "frr"} {
		if d.In(lang) != d.Reason {
			t.Errorf("%q: %s", lang, d.In(lang))
		}
	}
	text, err := json.Marshal(d)
	if want := `{"ok":false,"code":"WP-RATING","reason":"For ages 16 and over; your limit is 12. Ask the host to change the limit."}`; err != nil || string(text) != want {
		t.Errorf("as JSON %s, %v", text, err)
	}
}
