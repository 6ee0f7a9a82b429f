package router

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const description = `<?xml version="1.0"?><root xmlns="urn:schemas-upnp-org:device-1-0">%s<device>
<deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType><serviceList><service>
<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType><serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId>
<controlURL>%s</controlURL></service></serviceList></device></root>`

const refusal = `<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring><detail><UPnPError xmlns="urn:schemas-upnp-org:control-1-0"><errorCode>%d</errorCode></UPnPError></detail></s:Fault>`

// A speaker is a router that speaks UPnP, at 127.0.0.1.
type speaker struct {
	http.ServeMux
	faults []int  // what it says to the next openings; 0: nothing is wrong
	client string // to whom the port is open; "": it is not
	asked  []string
}

func (s *speaker) control(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	_, action, _ := strings.Cut(strings.Trim(r.Header.Get("SOAPAction"), `"`), "#")
	const envelope = `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>%s</s:Body></s:Envelope>`
	switch action {
	case "GetExternalIPAddress":
		fmt.Fprintf(w, envelope, `<u:GetExternalIPAddressResponse xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1"><NewExternalIPAddress>8.8.4.4</NewExternalIPAddress></u:GetExternalIPAddressResponse>`)
		return
	case "GetSpecificPortMappingEntry":
		if s.client != "" {
			fmt.Fprintf(w, envelope, `<u:GetSpecificPortMappingEntryResponse xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1"><NewInternalPort>8470</NewInternalPort><NewInternalClient>`+s.client+
				`</NewInternalClient><NewEnabled>1</NewEnabled><NewPortMappingDescription>x</NewPortMappingDescription><NewLeaseDuration>3600</NewLeaseDuration></u:GetSpecificPortMappingEntryResponse>`)
			return
		}
		w.WriteHeader(http.StatusInternalServerError)
		fmt.Fprintf(w, envelope, fmt.Sprintf(refusal, 714))
		return
	case "AddPortMapping":
		if len(s.faults) > 0 {
			code := s.faults[0]
			if s.faults = s.faults[1:]; code != 0 {
				w.WriteHeader(http.StatusInternalServerError)
				fmt.Fprintf(w, envelope, fmt.Sprintf(refusal, code))
				return
			}
		}
	}
	s.asked = append(s.asked, action+": "+string(body))
	fmt.Fprintf(w, envelope, `<u:`+action+`Response xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1"/>`)
}

func (s *speaker) up(t *testing.T, base, control string) ([]Gate, error) {
	t.Helper()
	server := httptest.NewUnstartedServer(s)
	server.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		c.(*net.TCPConn).SetWriteBuffer(64 << 10) // so that little more is sent than is read
		return ctx
	}
	server.Start()
	t.Cleanup(server.Close)
	s.HandleFunc("/desc.xml", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, description, base, control) })
	s.HandleFunc("/control", s.control)
	at, err := url.Parse(server.URL + "/desc.xml")
	if err != nil {
		t.Fatal(err)
	}
	return described(t.Context(), netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.0.0.1"), at)
}

// TestUPnP: a port is opened for UDP alone, for an hour, at this machine; where it is taken, another; a
// router that keeps it for ever is asked only with a yes.
func TestUPnP(t *testing.T) {
	s := &speaker{}
	gates, err := s.up(t, "", "/control")
	if err != nil || len(gates) != 1 {
		t.Fatalf("%d gates, %v", len(gates), err)
	}
	g := gates[0]
	if ip, err := g.Outside(t.Context()); err != nil || ip.String() != "8.8.4.4" {
		t.Errorf("%v, %v", ip, err)
	}
	port, granted, err := g.Open(t.Context(), 8470, 8471, false)
	if err != nil || port != 8471 || granted != time.Hour {
		t.Errorf("%d for %v, %v", port, granted, err)
	}
	for _, part := range []string{"<NewExternalPort>8471<", "<NewInternalPort>8470<", "<NewInternalClient>127.0.0.1<", "<NewProtocol>UDP<", "<NewLeaseDuration>3600<"} {
		if !strings.Contains(s.asked[0], part) {
			t.Errorf("%s is not asked for: %s", part, s.asked[0])
		}
	}
	for _, c := range []struct {
		client string
		inside uint16
		want   bool
	}{{"127.0.0.1", 8470, true}, {"127.0.0.1", 8472, false}, {"127.0.0.2", 8470, false}, {"", 8470, false}} {
		if s.client = c.client; g.Holds(t.Context(), c.inside, 8471) != c.want {
			t.Errorf("open to %q, of port %d it says %v", c.client, c.inside, !c.want)
		}
	}
	s.faults = []int{conflict, conflict, 0}
	if port, _, err = g.Open(t.Context(), 8470, 8470, false); err != nil || port < 49152 {
		t.Errorf("a port that is taken: %d, %v", port, err)
	}
	s.faults = []int{onlyPermanent}
	var trouble *Trouble
	if _, _, err = g.Open(t.Context(), 8470, 8470, false); !errors.As(err, &trouble) || trouble.Code != "WP-REMOTE-PERMANENT" {
		t.Errorf("for ever: %v", err)
	}
	s.faults = []int{onlyPermanent, 0}
	if _, granted, err = g.Open(t.Context(), 8470, 8470, true); err != nil || granted != 0 {
		t.Errorf("for ever, with a yes: %v, %v", granted, err)
	}
	if err = g.Close(t.Context(), 8470, 8471); err != nil || !strings.HasPrefix(s.asked[len(s.asked)-1], "DeletePortMapping") {
		t.Errorf("%v: %s", err, s.asked)
	}
}

// TestOnlyTheRouter: whatever a description names, nobody but the router is asked, and no end of text is read.
func TestOnlyTheRouter(t *testing.T) {
	asked, sent := 0, atomic.Int64{}
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer other.Close()
	elsewhere := strings.Replace(other.URL, "127.0.0.1", "localhost", 1) // the same machine, but not by the router's address
	for name, make := range map[string]func(*speaker) ([]Gate, error){
		"control address": func(s *speaker) ([]Gate, error) { return s.up(t, "", elsewhere+"/control") },
		"base address":    func(s *speaker) ([]Gate, error) { return s.up(t, "<URLBase>"+elsewhere+"</URLBase>", "/x") },
		"redirect": func(s *speaker) ([]Gate, error) {
			s.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
			})
			return s.up(t, "", "/moved")
		},
		"a file": func(s *speaker) ([]Gate, error) { return s.up(t, "", "file:///etc/passwd") },
		"no end": func(s *speaker) ([]Gate, error) {
			s.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
				io.WriteString(w, `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>`)
				for r.Context().Err() == nil {
					n, err := io.WriteString(w, "<a>")
					if sent.Add(int64(n)); err != nil {
						return
					}
				}
			})
			return s.up(t, "", "/endless")
		},
	} {
		gates, err := make(&speaker{})
		for _, g := range gates {
			_, err = g.Outside(t.Context())
		}
		if err == nil || asked != 0 {
			t.Errorf("%s: %v, %d requests elsewhere", name, err, asked)
		}
	}
	if n := sent.Load(); n > 8*maxText { // what sockets hold is sent, and not read
		t.Errorf("%d bytes of an endless answer are taken", n)
	}
	for _, where := range []string{elsewhere, "http://127.0.0.2:1/", "https://127.0.0.1/", "http://[::1]/"} {
		at, _ := url.Parse(where)
		if _, err := described(t.Context(), own, netip.MustParseAddr("127.0.0.1"), at); err == nil || !strings.Contains(err.Error(), "is not the router") {
			t.Errorf("%s: %v", where, err)
		}
	}
}
