package player

// broadcast says of a title that it comes from a live source.
type broadcast struct{}

// notHere is what is said where mpv does not show what is on. FFmpeg before 7.2, which mpv
// reads with, loses its place in fragmented HLS when it is told to go elsewhere (its commit
// 380a518c mends that), so that mpv could not follow the party.
const notHere = "What is live is shown by the party's page, not by mpv. Open the page in a browser; mpv goes on with the next film."

// sentence is why a title is not shown.
func (l listing) sentence() string {
	if l.Allowed && l.Live != nil {
		return notHere
	}
	return l.Reason
}
