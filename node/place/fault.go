package place

import "strings"

// A Fault is what is wrong with a file of countries, for a person: a code and one sentence. Two faults are
// the same error (errors.Is) when their codes are.
type Fault struct {
	Code   string // "WP-GEOIP-…"
	File   string
	en, fr string
	Err    error // for the log; nil: nothing more is known
}

// The faults of a file. FILE stands for its name.
var (
	ErrMissing = &Fault{Code: "WP-GEOIP-MISSING",
		en: "There is no file FILE for --geoip: give the path of a MaxMind file, such as GeoLite2-Country.mmdb, or leave --geoip out.",
		fr: "Il n’y a pas de fichier FILE pour --geoip : indiquez le chemin d’un fichier MaxMind, comme GeoLite2-Country.mmdb, ou omettez --geoip."}
	ErrUnread = &Fault{Code: "WP-GEOIP-UNREADABLE",
		en: "The file FILE for --geoip cannot be read: look at its permissions and its disk.",
		fr: "Le fichier FILE pour --geoip est illisible : vérifiez ses droits d’accès et son disque."}
	ErrBroken = &Fault{Code: "WP-GEOIP-BROKEN",
		en: "The file FILE for --geoip is no MaxMind file, or is cut short: fetch it anew, and unpack it if it came packed.",
		fr: "Le fichier FILE pour --geoip n’est pas un fichier MaxMind, ou il est tronqué : téléchargez-le à nouveau, et décompressez-le au besoin."}
	ErrKind = &Fault{Code: "WP-GEOIP-KIND",
		en: "The file FILE for --geoip knows no countries: take one of countries or cities, such as GeoLite2-Country.mmdb.",
		fr: "Le fichier FILE pour --geoip ne connaît pas de pays : prenez-en un de pays ou de villes, comme GeoLite2-Country.mmdb."}
	ErrLarge = &Fault{Code: "WP-GEOIP-LARGE",
		en: "The file FILE for --geoip is larger than 192 MiB: take one of countries, such as GeoLite2-Country.mmdb.",
		fr: "Le fichier FILE pour --geoip dépasse 192 Mio : prenez un fichier de pays, comme GeoLite2-Country.mmdb."}
)

func (f *Fault) Error() string { return f.Code + ": " + f.In("en") }

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Is compares codes.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Code == f.Code
}

// In is the sentence in English, or in French where lang begins with "fr".
func (f *Fault) In(lang string) string {
	text := f.en
	if lang == "fr" || strings.HasPrefix(lang, "fr-") {
		text = f.fr
	}
	return strings.Replace(text, "FILE", f.File, 1)
}

func (f *Fault) because(file string, err error) *Fault {
	with := *f
	with.File, with.Err = file, err
	return &with
}
