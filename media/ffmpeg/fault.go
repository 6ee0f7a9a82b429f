package ffmpeg

import "strings"

// A Fault is what went wrong with a film or with ffmpeg, for a person: a code and one sentence.
// Two faults are the same error (errors.Is) when their codes are.
type Fault struct {
	Code   string // "WP-…"
	en, fr string
	Err    error // for the log; nil: nothing more is known
}

// The faults of this package.
var (
	ErrMissing = &Fault{Code: "WP-FFMPEG-MISSING",
		en: "This film cannot be converted because ffmpeg is not installed on the host’s machine; the host can install ffmpeg and start again.",
		fr: "Ce film ne peut pas être converti, car ffmpeg n’est pas installé chez l’hôte ; l’hôte peut installer ffmpeg, puis relancer."}
	ErrBroken = &Fault{Code: "WP-MEDIA-BROKEN",
		en: "This file cannot be read as a film, or ends too early; a whole copy has to take its place.",
		fr: "Ce fichier n’est pas lisible comme un film, ou s’arrête trop tôt ; il faut le remplacer par une copie entière."}
	ErrSlow = &Fault{Code: "WP-MEDIA-SLOW",
		en: "The host’s machine or disk is too busy to look into this file; try again in a moment.",
		fr: "La machine ou le disque de l’hôte est trop occupé pour examiner ce fichier ; réessayez dans un instant."}
	ErrStall = &Fault{Code: "WP-TRANSCODE-STALL",
		en: "Converting this film came to a halt and was ended; try again, or ask the host for another file.",
		fr: "La conversion de ce film s’est figée et a été arrêtée ; réessayez, ou demandez un autre fichier à l’hôte."}
	ErrFull = &Fault{Code: "WP-CACHE-FULL",
		en: "The host’s disk is full, so this film cannot be converted; the host can make room, then try again.",
		fr: "Le disque de l’hôte est plein, ce film ne peut donc pas être converti ; l’hôte peut faire de la place, puis réessayez."}
	ErrBusy = &Fault{Code: "WP-TRANSCODE-BUSY",
		en: "The host’s machine converts too many films at once; wait a moment, then try again.",
		fr: "La machine de l’hôte convertit trop de films à la fois ; patientez un instant, puis réessayez."}
)

func (f *Fault) Error() string {
	if f.Err == nil {
		return f.Code + ": " + f.en
	}
	return f.Code + ": " + f.Err.Error()
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Is compares codes.
func (f *Fault) Is(target error) bool {
	t, ok := target.(*Fault)
	return ok && t.Code == f.Code
}

// In is the sentence in English, or in French where lang begins with "fr".
func (f *Fault) In(lang string) string {
	if lang == "fr" || strings.HasPrefix(lang, "fr-") {
		return f.fr
	}
	return f.en
}

// Because is the same fault with its cause.
func (f *Fault) Because(err error) *Fault {
	g := *f
	g.Err = err
	return &g
}
