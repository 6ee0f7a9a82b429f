package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
)

// Child is the main function of the child process: it does what is asked on in, until that ends, and
// tells on out.
func Child(in io.Reader, out io.Writer) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	c := &child{ctx: ctx, out: &pipe{w: out}}
	err := frames(in, c.take)
	stop()
	c.all.Wait()
	if c.rig != nil {
		c.rig.close()
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

type child struct {
	ctx context.Context
	out *pipe
	rig *rig // nil until it was opened
	all sync.WaitGroup
}

func (c *child) take(kind byte, body []byte) error {
	if kind == kindPacket {
		p, err := ParsePacket(body)
		if err == nil && c.rig != nil {
			c.rig.with(p.Face, func(f *face) { f.put(p) })
		}
		return nil
	}
	var q asked
	if err := json.Unmarshal(body, &q); err != nil {
		return fmt.Errorf("read what is asked: %w", err)
	}
	switch {
	case q.Do == "open":
		return c.out.json(c.open(q))
	case c.rig == nil:
		return errors.New("asked before it was open")
	case q.Do == "publish" || q.Do == "watch": // these take a while, and the others go on
		c.all.Go(func() { c.out.json(c.describe(q)) })
		return nil
	}
	return c.out.json(c.do(q))
}

// open opens the sockets: UDP, and TCP at the same port for networks that let nothing else through.
func (c *child) open(q asked) told {
	udp, err := net.ListenUDP("udp", &net.UDPAddr{Port: q.Port})
	if err != nil && q.Port != 0 {
		udp, err = net.ListenUDP("udp", nil)
	}
	if err != nil {
		return told{ID: q.ID, Err: err.Error()}
	}
	port := udp.LocalAddr().(*net.UDPAddr).Port
	udp.SetReadBuffer(2 << 20)
	tcp, err := net.Listen("tcp", fmt.Sprintf(":%d", port))
	if err != nil {
		tcp = nil
	}
	c.rig = newRig(udp, tcp, func(t told) { c.out.json(t) }, func(p Packet) { c.out.packet(p) })
	return told{ID: q.ID, Port: port}
}

// describe answers the description of somebody who wants to publish or to watch.
func (c *child) describe(q asked) told {
	ctx, stop := context.WithTimeout(c.ctx, connectTime)
	defer stop()
	var sdp string
	var err error
	if q.Do == "publish" {
		sdp, err = c.rig.publish(ctx, q.Face, q.SDP, q.Near)
	} else {
		sdp, err = c.rig.watch(ctx, q.Viewer, q.Face, q.SDP, q.Near)
	}
	return reply(q, sdp, err)
}

func (c *child) do(q asked) told {
	var err error
	switch q.Do {
	case "feed":
		err = c.rig.feed(q.Face, q.Codecs, q.Share)
	case "end":
		c.rig.with(q.Face, c.rig.leave)
	case "leave":
		c.rig.leaveViewer(q.Viewer)
	case "want":
		c.rig.with(q.Face, (*face).wish)
	case "hush":
		c.rig.with(q.Face, func(f *face) { f.hushed.Store(!q.Off) })
	default:
		err = fmt.Errorf("%q is nothing that a stage does", q.Do)
	}
	return reply(q, "", err)
}

func reply(q asked, sdp string, err error) told {
	t := told{ID: q.ID, SDP: sdp}
	var no *Refused
	switch {
	case errors.As(err, &no):
		t.Refused = no.Reason
	case err != nil:
		t.Err = err.Error()
	}
	return t
}
