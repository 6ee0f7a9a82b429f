//go:build linux && long

package nodetest_test

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/maxmind/mmdbwriter"
	"github.com/maxmind/mmdbwriter/mmdbtype"
)

// TestRegionByAddress: with --geoip a guest who comes from outside by the open link sees what their country may, through their own node
// too; a guest in the house is where the house is, though the file has their address elsewhere.
func TestRegionByAddress(t *testing.T) {
	t.Parallel()
	tools(t, "ip")
	ns := lan(t, 3)
	for _, line := range []string{
		"ip -n " + ns[0] + " route add 203.0.113.77 dev eth0",
		"ip -n " + ns[2] + " addr flush dev eth0",
		"ip -n " + ns[2] + " addr add 203.0.113.77/32 dev eth0",
		"ip -n " + ns[2] + " route add 10.78.0.1 dev eth0 src 203.0.113.77",
	} {
		command(t, line)
	}
	host := start(t, ns[0], "serve", "--json", "--no-mdns", "--data", t.TempDir(), "--region", "FR", "--geoip", swiss(t))
	link := host.ready().Invite
	host.event("geoip")
	for _, guest := range []struct{ ns, region string }{{ns[1], "FR"}, {ns[2], "CH"}} {
		n := join(t, guest.ns, "Ann", link)
		page := strings.TrimSuffix(n.event("joined").URL, "/")
		me := ask(t, guest.ns, "GET", page+"/api/me", "", nil)
		if got := field(t, me.Body, "region"); got != guest.region {
			t.Errorf("from %s a guest is in %s, not in %s", guest.ns, got, guest.region)
		}
		want := map[bool]int{true: http.StatusOK, false: http.StatusUnavailableForLegalReasons}[guest.region == "FR"]
		if a := ask(t, guest.ns, "GET", page+"/media/t/aurora/file", field(t, me.Body, "token"), nil); a.Status != want {
			t.Errorf("in %s: %d %.200s", guest.region, a.Status, a.Body)
		}
	}
}

// swiss is a file that has everybody in Switzerland.
func swiss(t *testing.T) string {
	t.Helper()
	w, err := mmdbwriter.New(mmdbwriter.Options{DatabaseType: "Test-Country", RecordSize: 24, IncludeReservedNetworks: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, all := range []string{"0.0.0.0/1", "128.0.0.0/1"} {
		_, network, _ := net.ParseCIDR(all)
		if err := w.Insert(network, mmdbtype.Map{"country": mmdbtype.Map{"iso_code": mmdbtype.String("CH")}}); err != nil {
			t.Fatal(err)
		}
	}
	name := filepath.Join(t.TempDir(), "swiss.mmdb")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := w.WriteTo(f); err != nil {
		t.Fatal(err)
	}
	return name
}
