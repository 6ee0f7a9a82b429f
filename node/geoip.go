package node

import (
	"net/netip"

	"watchparty/media/catalog"
	"watchparty/node/place"
)

// placing is how the house finds the country of who knocks from outside; nil without a file: it does not.
func placing(file string) (func(netip.Addr) (catalog.Region, bool), error) {
	if file == "" {
		return nil, nil
	}
	f, err := place.Open(file)
	if err != nil {
		return nil, &UsageError{err.Error()}
	}
	return f.Of, nil
}
