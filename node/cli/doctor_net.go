package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"watchparty/discovery"
)

const (
	// oneTrip bounds a datagram's way on this machine.
	oneTrip = time.Second
	// multicastLook is how long interfaces are tried: they fail at once or not at all.
	multicastLook = 500 * time.Millisecond
	// udpBuffer is what QUIC asks of the kernel each way, in bytes.
	udpBuffer = 7_500_000
)

// checkPort tries the party's address for TCP and for UDP.
func checkPort(ctx context.Context, o doctorOptions) []finding {
	const name = "port"
	if run, err := readRunFile(o.data); err == nil && answers(ctx, run.URL) {
		return []finding{{name, fine, "A party is running with this data folder, at " + run.URL + "."}}
	}
	if _, _, err := net.SplitHostPort(o.listen); err != nil {
		return []finding{{name, problem, fmt.Sprintf("--listen %q is no address: write HOST:PORT, such as :8470.", o.listen)}}
	}
	var lc net.ListenConfig
	tcp, err := lc.Listen(ctx, "tcp", o.listen)
	if err == nil {
		tcp.Close()
	}
	udp, errUDP := lc.ListenPacket(ctx, "udp", o.listen)
	if errUDP == nil {
		udp.Close()
	}
	switch err := errors.Join(err, errUDP); {
	case errors.Is(err, syscall.EADDRINUSE):
		return []finding{{name, problem, o.listen + " is taken by another program: stop it, or choose another with --listen."}}
	case err != nil:
		return []finding{{name, problem, fmt.Sprintf("%s cannot be opened (%v): choose another with --listen.", o.listen, err)}}
	}
	return []finding{{name, fine, o.listen + " is free for pages (TCP) and nodes (UDP)."}}
}

// answers says whether a host is alive at an address of this machine.
func answers(ctx context.Context, base string) bool {
	if u, err := url.Parse(base); err != nil || u.Host == "" {
		return false
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/healthz", nil)
	if err != nil {
		return false
	}
	client := &http.Client{Timeout: oneTrip, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	answer, err := client.Do(q)
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// checkUDP sends a datagram around: a firewall may keep even this machine's own.
func checkUDP(context.Context, doctorOptions) []finding {
	if err := roundTrip(); err != nil {
		return []finding{{"UDP", problem, fmt.Sprintf("A datagram does not come through on this very machine (%v): let watchparty through the firewall.", err)}}
	}
	return []finding{{"UDP", fine, "A datagram comes through on this machine."}}
}

func roundTrip() error {
	to, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer to.Close()
	from, err := net.Dial("udp", to.LocalAddr().String())
	if err != nil {
		return err
	}
	defer from.Close()
	end := time.Now().Add(oneTrip)
	if err := errors.Join(to.SetDeadline(end), from.SetDeadline(end)); err != nil {
		return err
	}
	ping, got := []byte("ping"), make([]byte, 16)
	if _, err := from.Write(ping); err != nil {
		return err
	}
	n, back, err := to.ReadFrom(got)
	if err != nil {
		return err
	}
	if _, err := to.WriteTo(got[:n], back); err != nil {
		return err
	}
	if n, err = from.Read(got); err == nil && !bytes.Equal(got[:n], ping) {
		err = errors.New("another came back")
	}
	return err
}

// checkMulticast looks for parties for a moment, which is what shows whether one
// could be found.
func checkMulticast(ctx context.Context, _ doctorOptions) []finding {
	found, err := look(ctx, multicastLook, func([]discovery.Service) bool { return false })
	if err != nil {
		return []finding{{"multicast", note, upper(err.Error()) + "."}}
	}
	text := "Parties can be found by name on this network."
	if len(found) > 0 {
		text += fmt.Sprintf(" In sight now: %d.", len(found))
	}
	return []finding{{"multicast", fine, text}}
}

// checkAddresses lists where guests of this network would reach the party.
func checkAddresses(context.Context, doctorOptions) []finding {
	var all []string
	addrs, err := net.InterfaceAddrs()
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			all = append(all, n.IP.String())
		}
	}
	switch {
	case err != nil:
		return []finding{{"network", note, fmt.Sprintf("The addresses of this machine cannot be told: %v.", err)}}
	case len(all) == 0:
		return []finding{{"network", note, "This machine is on no network: only those who sit at it can join. Connect it to the Wi-Fi or by cable."}}
	}
	return []finding{{"network", fine, "Guests reach this machine at " + strings.Join(all, ", ") + "."}}
}

// checkCameras says where a browser would give one to the page: at an address of its own machine, or over HTTPS.
func checkCameras(_ context.Context, o doctorOptions) []finding {
	if o.https {
		return []finding{{"cameras", fine, "Guests can come on stage from the https address that serve prints; their browser warns once."}}
	}
	return []finding{{"cameras", note, "Only this machine's browser, and programs such as OBS, can come on stage. For guests with a camera: serve --https."}}
}

// checkBuffers compares what QUIC asks for with what Linux allows. Root gets it in
// any case.
func checkBuffers(context.Context, doctorOptions) []finding {
	const name = "UDP buffers"
	if runtime.GOOS != "linux" || os.Geteuid() == 0 {
		return nil
	}
	for _, key := range []string{"rmem_max", "wmem_max"} {
		b, err := os.ReadFile("/proc/sys/net/core/" + key)
		n, errNumber := strconv.Atoi(strings.TrimSpace(string(b)))
		if err == nil && errNumber == nil && n < udpBuffer {
			return []finding{{name, note, fmt.Sprintf("The kernel's are small, so nodes get films up to a fifth slower: "+
				"sudo sysctl -w net.core.rmem_max=%d net.core.wmem_max=%d", udpBuffer, udpBuffer)}}
		}
	}
	return []finding{{name, fine, "They are large enough."}}
}
