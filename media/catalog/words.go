package catalog

import (
	"fmt"
	"strings"
	"time"
)

// The sentences of refusals, in both languages. Each says what is the matter and what to do.
// Countries appear by code: their names in two languages would make the program 2.4 MB larger.

func refuseUnknown() Decision {
	return Decision{
		Code:   CodeUnknown,
		Reason: "There is no such title here. Ask the host what is on.",
		french: "Ce titre n'existe pas ici. Demandez à l'hôte ce qui est au programme.",
	}
}

func refuseSilent() Decision {
	return Decision{
		Code:   CodeRegion,
		Reason: "The host has not said in which regions this may be watched. Ask the host to open it.",
		french: "L'hôte n'a pas indiqué les régions où ce titre peut être vu. Demandez à l'hôte de l'ouvrir.",
	}
}

func refuseNoRegion() Decision {
	return Decision{
		Code:   CodeRegion,
		Reason: "Not available, because the host does not know your region. Ask the host to record it.",
		french: "Pas disponible, car l'hôte ne connaît pas votre région. Demandez à l'hôte de l'enregistrer.",
	}
}

func refuseRegion(house Region) Decision {
	return Decision{
		Code:   CodeRegion,
		Reason: fmt.Sprintf("Not available in your region (%s). If that is not your region, ask the host to correct it.", house),
		french: fmt.Sprintf("Pas disponible dans votre région (%s). Si ce n'est pas la vôtre, demandez à l'hôte de la corriger.", house),
	}
}

func refuseEarly(from time.Time) Decision {
	return Decision{
		Code:   CodeWindow,
		Opens:  from.UnixMilli(),
		Reason: fmt.Sprintf("Not available before %s. Come back then, or ask the host.", english(from)),
		french: fmt.Sprintf("Pas disponible avant le %s. Revenez à ce moment-là ou demandez à l'hôte.", french(from)),
	}
}

func refuseLate(until time.Time) Decision {
	if isMidnight(until) {
		year, month, day := until.Add(-1).Date() // the last day is what a person calls the end
		until = firstMoment(year, month, day, until.Location())
	}
	return Decision{
		Code:   CodeWindow,
		Reason: fmt.Sprintf("No longer available: it could be watched until %s. Ask the host whether it comes back.", english(until)),
		french: fmt.Sprintf("Plus disponible : ce titre pouvait être vu jusqu'au %s. Demandez à l'hôte s'il reviendra.", french(until)),
	}
}

func refuseMembership(asked []Tier, lapsed Membership) Decision {
	d := Decision{
		Code:   CodeMembership,
		Needs:  list(asked, ", "),
		Reason: fmt.Sprintf("For members of %s. Ask the host for a membership.", list(asked, " or ")),
		french: fmt.Sprintf("Réservé aux abonnés %s. Demandez un abonnement à l'hôte.", list(asked, " ou ")),
	}
	if lapsed.Tier != "" {
		d.Reason = fmt.Sprintf("For members of %s; your membership of %s ended on %s. Ask the host to renew it.",
			list(asked, " or "), lapsed.Tier, english(lapsed.Until))
		d.french = fmt.Sprintf("Réservé aux abonnés %s ; votre abonnement %s a pris fin le %s. Demandez à l'hôte de le renouveler.",
			list(asked, " ou "), lapsed.Tier, french(lapsed.Until))
	}
	return d
}

func refuseRating(age, most int) Decision {
	return Decision{
		Code:   CodeRating,
		Reason: fmt.Sprintf("For ages %d and over; your limit is %d. Ask the host to change the limit.", age, most),
		french: fmt.Sprintf("À partir de %d ans ; votre limite est de %d ans. Demandez à l'hôte de changer la limite.", age, most),
	}
}

// list joins tiers as speech does: "a, b or c".
func list(tiers []Tier, or string) string {
	var b strings.Builder
	for i, t := range tiers {
		switch {
		case i > 0 && i == len(tiers)-1:
			b.WriteString(or)
		case i > 0:
			b.WriteString(", ")
		}
		b.WriteString(string(t))
	}
	return b.String()
}

// english is a day, or a moment if it is not at midnight, in the zone the time carries: the host's.
func english(t time.Time) string {
	if isMidnight(t) {
		return t.Format("2 January 2006")
	}
	return t.Format("2 January 2006, 15:04 (UTC-07:00)")
}

var frenchMonths = [...]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet",
	"août", "septembre", "octobre", "novembre", "décembre"}

func french(t time.Time) string {
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	day += " " + frenchMonths[t.Month()-1] + t.Format(" 2006")
	if isMidnight(t) {
		return day
	}
	return day + t.Format(" à 15:04 (UTC-07:00)")
}

// isMidnight says that a moment is the start of a day, as dates in a catalog are.
func isMidnight(t time.Time) bool {
	year, month, day := t.Date()
	return t.Equal(firstMoment(year, month, day, t.Location()))
}
