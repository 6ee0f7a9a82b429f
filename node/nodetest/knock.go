package nodetest

import "watchparty/node/wire"

// Answer says to who knocked whether they come in, as a page would.
func (p *Person) Answer(id string, in bool) {
	p.Helper()
	if err := wire.Send(p.ctx, p.conn, wire.Signal{Answer: &wire.Answer{ID: id, In: in}}); err != nil {
		p.Fatalf("answer the door: %v", err)
	}
}

// NoSignal fails if such a signal came so far.
func (p *Person) NoSignal(what string, is func(wire.Signal) bool) {
	p.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, s := range p.signals {
		if is(s) {
			p.Errorf("%s was told what is not for them: %s", p.Joined.Name, what)
		}
	}
}
