package web

import (
	"net/http"
	"strings"
)

// What a browser calls itself, and what people call it. The first that fits is it: others name those they descend from.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}
	systems  = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"TV", "TV"}, {"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"}, {"Macintosh", "Mac"}, {"Linux", "Linux"}}
)

// agent says what a request comes with, so that a host knows whom they let in. It is what the browser claims, in words of
// ours; empty: nothing is known.
func agent(r *http.Request) string {
	claim := r.Header.Get("User-Agent")
	var words []string
	for _, list := range [][][2]string{browsers, systems} {
		for _, x := range list {
			if strings.Contains(claim, x[0]) {
				words = append(words, x[1])
				break
			}
		}
	}
	return strings.Join(words, ", ")
}
