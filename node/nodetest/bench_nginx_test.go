//go:build linux

package nodetest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	. "watchparty/node/nodetest"
)

// An nginxServer serves a folder, with TLS and without.
type nginxServer struct {
	dir        string
	plain, tls string // addresses of the folder
	client     *http.Client
	pids       func() []int // of its workers
}

// newNginx serves a folder with one worker for each core, as it comes.
func newNginx(b *testing.B, dir string) nginxServer {
	b.Helper()
	roots := certificate(b, dir)
	plain, secure := emptyPort(b), emptyPort(b)
	conf := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(`daemon off; pid %[1]s/nginx.pid; error_log %[1]s/nginx.log; worker_processes auto; user root;
events { worker_connections 512; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000;
  server { root %[1]s; listen 127.0.0.1:%[2]d; listen 127.0.0.1:%[3]d ssl;
    ssl_certificate %[1]s/cert.pem; ssl_certificate_key %[1]s/key.pem; ssl_protocols TLSv1.3; } }
`, dir, plain, secure)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command("nginx", "-c", conf)
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cmd.Process.Signal(os.Interrupt)
		cmd.Wait()
	})
	n := nginxServer{dir: dir, plain: fmt.Sprintf("http://127.0.0.1:%d/", plain), tls: fmt.Sprintf("https://127.0.0.1:%d/", secure), client: keeping(roots)}
	deadline := time.Now().Add(Patience)
	for answer, err := n.client.Head(n.tls); ; answer, err = n.client.Head(n.tls) {
		if err == nil {
			answer.Body.Close()
			break
		}
		if time.Now().After(deadline) {
			b.Fatal(err)
		}
	}
	n.pids = func() (all []int) {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%[1]d/children", cmd.Process.Pid))
		if err != nil {
			b.Fatal(err)
		}
		for _, word := range strings.Fields(string(text)) {
			pid, err := strconv.Atoi(word)
			if err != nil {
				b.Fatal(err)
			}
			all = append(all, pid)
		}
		return all
	}
	return n
}

// emptyPort finds a port that is free: nginx does not tell which it took.
func emptyPort(b *testing.B) int {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port
}

// certificate writes cert.pem and key.pem, and gives who trusts them.
func certificate(b *testing.B, dir string) *x509.CertPool {
	b.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	sheet := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{{127, 0, 0, 1}}}
	cert, err := x509.CreateCertificate(rand.Reader, sheet, sheet, key.Public(), key)
	if err != nil {
		b.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		b.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: cert}, "key.pem": {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	own, err := x509.ParseCertificate(cert)
	if err != nil {
		b.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(own)
	return roots
}

// keeping is a client of HTTP/1.1 that keeps its connections.
func keeping(roots *x509.CertPool) *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, TLSClientConfig: &tls.Config{RootCAs: roots}}}
}

// cpuOf is how many seconds processes have used.
func cpuOf(b testing.TB, pids ...int) (seconds float64) {
	b.Helper()
	for _, pid := range pids {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			b.Fatal(err)
		}
		f := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		for _, ticks := range f[11:13] { // utime, stime (proc(5)), in hundredths of a second
			n, err := strconv.ParseFloat(ticks, 64)
			if err != nil {
				b.Fatal(err)
			}
			seconds += n / 100
		}
	}
	return seconds
}
