package cli

import (
	"context"
	"fmt"

	"watchparty/node"
	"watchparty/node/place"
)

// checkGeoIP looks at the file that would tell the country of guests from outside.
func checkGeoIP(_ context.Context, o doctorOptions) []finding {
	if o.geoip == "" {
		return nil
	}
	f, err := place.Open(o.geoip)
	if err != nil {
		return []finding{{"geoip", problem, err.Error()}}
	}
	return []finding{{"geoip", fine, fmt.Sprintf("Guests from outside whose invitation says no region are where %s (%s) has their address; nobody within the house is looked up.", o.geoip, plain(f.Kind))}}
}

// geoIPRule says which rule decides where a guest is.
func geoIPRule(file string) node.Event {
	return node.Event{Kind: "geoip", Body: map[string]string{"file": file}, Text: "Guests from outside are where " + plain(file) +
		" has their address, unless their invitation says a region; guests within the house are where the house is."}
}
