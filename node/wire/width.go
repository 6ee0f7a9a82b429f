package wire

import "time"

// A path may cease to take packets as long as it did, and tell nobody: a black hole. QUIC finds out how long packets may become, but
// quic-go does not find out that they have to be shorter again (RFC 8899 §4.3). So whoever dialled asks now and then, by datagram,
// whether the longest comes there and back, and gives up the connection if only short ones do. The next one begins with short ones.
const (
	widthMark = 0x06 // the question, of any length
	echoMark  = 0x07 // the same datagram on its way back, or as much of it as goes

	widthEvery = PingPeriod
	widthTries = 8 // where a fifth is lost, one round in 3,500 loses all
	shortTries = 2
	widthWait  = 250 * time.Millisecond
	deafRounds = 2 // without any answer, while something comes: what waits to be sent is too long
)

// keepWide watches over a connection to a host until it ends.
func (p *Peer) keepWide() {
	tick := time.NewTicker(widthEvery)
	defer tick.Stop()
	known := p.comesBack(1, 1) > 0
	for deaf := 0; ; {
		if deaf == 0 {
			select {
			case <-tick.C:
			case <-p.Done():
				return
			}
		}
		if !known { // an older host does not know the question
			known = p.comesBack(1, 1) > 0
			continue
		}
		for len(p.echoes) > 0 {
			<-p.echoes // late ones
		}
		received := p.Stats().Received
		came := p.comesBack(maxDatagram, widthTries)
		if came == 0 { // alone: in one packet with a long one it would be lost as well
			came = p.comesBack(1, shortTries)
		}
		switch {
		case came > 1:
			deaf = 0
		case came == 1:
			deaf = deafRounds
		case p.Stats().Received > received:
			deaf++
		default: // nothing comes at all: that is not it
			deaf = 0
		}
		if deaf >= deafRounds {
			p.cfg.Log.Info("long packets do not come through any more", "addr", p.RemoteAddr())
			p.Close(CodeDone, "")
			return
		}
	}
}

// comesBack sends a datagram of so many bytes, or as many as go, and again until one comes back; it tells how long that is, and 0 if
// none does. At the end of the connection it is 0, too.
func (p *Peer) comesBack(bytes, tries int) int {
	for ; tries > 0; tries-- {
		b := make([]byte, max(1, min(bytes, p.conn.widest())))
		b[0] = widthMark
		p.conn.send(b)
		select {
		case came := <-p.echoes:
			return came
		case <-time.After(widthWait):
		case <-p.Done():
			return 0
		}
	}
	return 0
}
