package node

import "testing"

func TestUpper(t *testing.T) {
	for in, want := range map[string]string{"": "", "no network": "No network", "No network": "No network", "2 networks": "2 networks", "a": "A"} {
		if got := upper(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
