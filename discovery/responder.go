package discovery

import (
	"io"
	"log"
	"net"
	"slices"
	"time"

	"github.com/hashicorp/mdns"
	"github.com/miekg/dns"
)

// Two answer, each what it does well. The library's server answers every
// question by unicast to whoever asked. That is invisible to everybody else and
// to a second program sharing port 5353 on the asking machine, so our own group
// socket answers a regular question (one from port 5353) by multicast, as
// RFC 6762 §6 has it. Where the library could not listen, our socket answers
// the one-shot questions (§6.7) too.

// quiet keeps the library's lines, one per packet it dislikes, out of the log.
var quiet = log.New(io.Discard, "", 0)

const (
	multicastGap = time.Second            // RFC 6762 §6: a record at most once a second
	defenceGap   = 250 * time.Millisecond // the same section, for answers to probes

	maxQuestions = 32 // looked at in one packet; a real one has a few
)

// A responder is what answers on one link.
type responder struct {
	link     *link
	zone     *zone
	server   *mdns.Server // nil if it did not start
	alone4   bool         // the library is deaf here: answer one-shot questions
	alone6   bool
	lastSent time.Time
}

func newResponder(l *link, z *zone) *responder {
	r := &responder{link: l, zone: z, alone4: !libraryListens("udp4", &l.ifi), alone6: !libraryListens("udp6", &l.ifi)}
	if r.alone4 && r.alone6 {
		return r
	}
	server, err := mdns.NewServer(&mdns.Config{Zone: z, Iface: &l.ifi, Logger: quiet})
	if err != nil {
		r.alone4, r.alone6 = true, true
		return r
	}
	r.server = server
	return r
}

// libraryListens tries what NewServer is about to do: it reports an error only
// if both families fail, and does not say which one did.
func libraryListens(network string, ifi *net.Interface) bool {
	group := net.UDPAddr{IP: group4.AsSlice(), Port: mdnsPort}
	if network == "udp6" {
		group.IP = group6.AsSlice()
	}
	c, err := net.ListenMulticastUDP(network, ifi, &group)
	if err != nil {
		return false
	}
	c.Close()
	return true
}

// close ends the library's readers: they cannot be waited for, but end as soon
// as their sockets are closed, and the zone is silent by then.
func (r *responder) close() {
	if r.server != nil {
		_ = r.server.Shutdown() // always nil
	}
}

// answer replies to a query that came in by the link's group socket.
func (r *responder) answer(p packet, m *dns.Msg, now time.Time) error {
	oneShot := p.from.Port() != mdnsPort
	if oneShot && !r.aloneFor(p.sock) {
		return nil
	}
	reply := new(dns.Msg)
	gap := multicastGap
	for _, q := range m.Question[:min(len(m.Question), maxQuestions)] {
		rrs, _ := r.zone.lookup(q)
		if _, instance := instanceLabel(q.Name); instance && q.Qtype == dns.TypeANY {
			gap = defenceGap
		}
		for _, rr := range rrs {
			if !slices.ContainsFunc(reply.Answer, func(have dns.RR) bool { return dns.IsDuplicate(have, rr) }) {
				reply.Answer = append(reply.Answer, rr)
			}
		}
	}
	if len(reply.Answer) == 0 {
		return nil
	}
	if oneShot { // RFC 6762 §6.7: same id, same questions, no cache-flush bit
		reply.Id, reply.Question = m.Id, m.Question
		b, err := packAnswer(reply, false)
		if err != nil {
			return err
		}
		return p.sock.send(b, p.from)
	}
	if now.Sub(r.lastSent) < gap {
		return nil
	}
	r.lastSent = now
	b, err := packAnswer(reply, true)
	if err != nil {
		return err
	}
	return p.sock.send(b, p.sock.group)
}

func (r *responder) aloneFor(s *sock) bool {
	if s.p4 != nil {
		return r.alone4
	}
	return r.alone6
}
