package web

import (
	"net/http"

	"golang.org/x/text/language"
)

// spoken are the page's languages; the first is for everybody else.
var spoken = language.NewMatcher([]language.Tag{language.English, language.French})

// speaks is the language of the page for what a browser asks for: "en" or "fr".
func speaks(accept string) string {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) > 50 {
		return "en"
	}
	_, i, _ := spoken.Match(tags...)
	return [...]string{"en", "fr"}[i]
}

func languageOf(r *http.Request) string { return speaks(r.Header.Get("Accept-Language")) }
