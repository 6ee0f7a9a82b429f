package live

import (
	"fmt"
	"strings"

	"github.com/pion/sdp/v3"
)

// clean reads a description and takes out all addresses: this end only answers to whoever shows that
// they know the password (ICE-lite, RFC 8445 section 2.5), so no packet goes where a description
// says.
func clean(offer string) (string, error) {
	if err := fits(offer); err != nil {
		return "", err
	}
	if n := strings.Count(offer, "a=candidate:"); n > maxCandidates {
		return "", &Refused{fmt.Sprintf("This description names %d addresses, and %d are enough; send fewer.", n, maxCandidates)}
	}
	if strings.ContainsAny(strings.ReplaceAll(offer, "\r\n", "\n"), "\r\x00") { // RFC 8866, section 9: read again, such a line would be another
		return "", &Refused{"This is no session description (SDP): a line ends in the middle; send the offer of a WebRTC connection."}
	}
	var d sdp.SessionDescription
	if err := d.UnmarshalString(offer); err != nil {
		return "", &Refused{"This is no session description (SDP); send the offer of a WebRTC connection."}
	}
	if n := len(d.MediaDescriptions); n == 0 || n > maxMedia {
		return "", &Refused{fmt.Sprintf("This description has %d media sections; send one to %d.", n, maxMedia)}
	}
	d.Attributes = without(d.Attributes)
	for _, m := range d.MediaDescriptions {
		m.Attributes = without(m.Attributes)
	}
	text, err := d.Marshal()
	if err != nil {
		return "", &Refused{"This session description cannot be read; send the offer of a WebRTC connection."}
	}
	return string(text), nil
}

// fits says whether a description is of a usual length.
func fits(offer string) error {
	if len(offer) > maxSDP {
		return &Refused{fmt.Sprintf("This description is longer than %d KB; send one without so many addresses.", maxSDP>>10)}
	}
	return nil
}

func without(all []sdp.Attribute) (kept []sdp.Attribute) {
	for _, a := range all {
		if a.Key != "candidate" && a.Key != "end-of-candidates" && a.Key != "remote-candidates" {
			kept = append(kept, a)
		}
	}
	return kept
}
