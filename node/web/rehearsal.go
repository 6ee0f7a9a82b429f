package web

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"slices"
	"time"

	"watchparty/media"
	"watchparty/media/catalog"
	"watchparty/node/party"
	"watchparty/node/room"
)

// A Rehearsal is how a title will get onto every screen of the party, before the lights go down.
type Rehearsal struct {
	Title   catalog.TitleID `json:"title"`
	Screens []Rehearsed     `json:"screens"`
	Rate    int64           `json:"rate"`            // bits per second that the host will send, all together and at most
	Convert []string        `json:"convert"`         // renditions that are made, each once for all
	Load    float64         `json:"load"`            // the part of the host's machine that this takes; 0: none, or not known
	Drawn   bool            `json:"drawn"`           // some subtitles are pictures
	Working int             `json:"working"`         // conversions of any film that run now
	Waiting int             `json:"waiting"`         // and that wait for those
	Fault   *party.Refusal  `json:"fault,omitempty"` // why nobody can watch it
}

// Rehearsed is one screen of a rehearsal, or a member who may not watch and has none.
type Rehearsed struct {
	Member    party.MemberID `json:"member"`
	Screen    party.ScreenID `json:"screen,omitempty"`
	Player    string         `json:"player,omitempty"` // "browser", "mpv"
	Light     string         `json:"light"`            // green, amber, red
	Way       string         `json:"way"`              // file, copy, convert, none, unsaid, refused
	Slow      bool           `json:"slow,omitempty"`
	Rendition string         `json:"rendition,omitempty"`
	Rate      int64          `json:"rate,omitempty"`
	Code      string         `json:"code,omitempty"` // of a refusal, with its reason
	Reason    string         `json:"reason,omitempty"`
}

// rehearse answers for the title that is asked for, or the one that is on.
func (s *Server) rehearse(w http.ResponseWriter, r *http.Request, _ caller) {
	state := s.House.State()
	id := cmp.Or(catalog.TitleID(r.URL.Query().Get("title")), state.Timeline.Title)
	if id == "" {
		refuse(w, http.StatusBadRequest, "WP-BAD", "No film is on. Name one: ?title=its-id")
		return
	}
	out := Rehearsal{Title: id, Convert: []string{}, Screens: []Rehearsed{}}
	if s.convert != nil {
		out.Working, out.Waiting = s.convert()
	}
	var devices []*media.Device
	var seats []int // of out.Screens, those that devices are for
	able := s.House.Current().Able(time.Now())
	for _, m := range present(state) {
		d, err := s.Library.May(r.Context(), id, guestAt{state, m.ID, s.Clock.Now()})
		if err != nil {
			fail(w, r, s.log, err)
			return
		}
		if !d.OK {
			out.Screens = append(out.Screens, Rehearsed{Member: m.ID, Light: "red", Way: "refused", Code: string(d.Code), Reason: d.In(languageOf(r))})
			continue
		}
		for _, a := range screensOf(m.ID, able) {
			seats, devices = append(seats, len(out.Screens)), append(devices, deviceOf(a))
			out.Screens = append(out.Screens, Rehearsed{Member: m.ID, Screen: a.Screen, Player: a.Player})
		}
	}
	plan, err := s.desk.Plan(r.Context(), id, devices)
	if out.Fault = faultOf(err, languageOf(r)); err != nil && out.Fault == nil {
		fail(w, r, s.log, err)
		return
	}
	for i, at := range plan.Places {
		one := &out.Screens[seats[i]]
		one.Light, one.Way, one.Slow, one.Rendition, one.Rate = string(at.Light), string(at.Way), at.Slow, at.Rendition, at.Rate
	}
	if out.Fault != nil {
		for _, i := range seats {
			out.Screens[i].Light, out.Screens[i].Way = "red", "none"
		}
	}
	out.Rate, out.Load, out.Drawn = plan.Rate, plan.Load, plan.Drawn
	out.Convert = append(out.Convert, plan.Convert...)
	answer(w, http.StatusOK, out)
}

// present are the members who are there, by name.
func present(state *party.State) []party.Member {
	all := slices.SortedFunc(maps.Values(state.Members), func(a, b party.Member) int { return cmp.Compare(a.Name, b.Name) })
	return slices.DeleteFunc(all, func(m party.Member) bool { return len(m.Screens) == 0 || m.Removed })
}

// guestAt is a member as the media door asks about them, at one moment.
type guestAt struct {
	state *party.State
	id    party.MemberID
	now   time.Time
}

// Viewer is media.Who's.
func (g guestAt) Viewer(id catalog.TitleID) (catalog.Viewer, time.Time, bool) {
	return g.state.Viewer(g.id, id, g.now)
}

// screensOf are the screens of a member that have said something; one that has not, if none has.
func screensOf(id party.MemberID, all []room.Able) []room.Able {
	own := slices.DeleteFunc(slices.Clone(all), func(a room.Able) bool { return a.Member != id })
	if len(own) == 0 {
		return []room.Able{{Member: id}}
	}
	return own
}

// deviceOf is what a screen says of itself as a plan takes it; nil: nothing.
func deviceOf(a room.Able) *media.Device {
	if a.Player == "" {
		return nil
	}
	return &media.Device{All: a.Player == "mpv", Containers: a.Containers, Codecs: a.Codecs, HLS: a.HLS != ""}
}

// faultOf is what is wrong with a title for everybody; nil: nothing, or it is ours.
func faultOf(err error, lang string) *party.Refusal {
	var gone *media.Gone
	var cannot *media.Unplayable
	switch {
	case errors.As(err, &cannot):
		return &party.Refusal{Code: cannot.Code(), Reason: cannot.In(lang)}
	case errors.As(err, &gone):
		return &party.Refusal{Code: string(media.CodeGone), Reason: gone.In(lang)}
	}
	return nil
}
