package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"watchparty/media"
	"watchparty/node/guest"
	"watchparty/node/party"
	"watchparty/node/wire"
)

// content reads a part from the host by ranges. A connection that breaks is waited
// for and read on from the same byte, so a browser does not notice that its host
// was away for a moment.
type content struct {
	ctx    context.Context
	guest  *guest.Guest
	get    wire.Get
	info   media.ContentInfo
	pos    int64
	stream *wire.Stream // at pos; nil: to be opened
	unhook func() bool
}

// again is the pause before a range is asked for again while the host is away.
const again = 200 * time.Millisecond

// Info is media.Content's.
func (c *content) Info() media.ContentInfo { return c.info }

// Seek is io.Seeker's.
func (c *content) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += c.pos
	case io.SeekEnd:
		offset += c.info.Size
	}
	if offset < 0 {
		return 0, errors.New("seek before the beginning")
	}
	if offset != c.pos {
		c.drop()
		c.pos = offset
	}
	return offset, nil
}

// Read is io.Reader's.
func (c *content) Read(b []byte) (int, error) {
	for {
		if c.pos >= c.info.Size {
			return 0, io.EOF
		}
		if err := c.open(); err != nil {
			return 0, err
		}
		n, err := c.stream.Read(b)
		c.pos += int64(n)
		if err != nil {
			c.drop()
		}
		if n > 0 {
			return n, nil
		}
		if final := c.final(err); final != nil {
			return 0, final
		}
		c.wait()
	}
}

// open asks for the range from here to the end, and again for as long as the
// host is away and somebody still wants to read.
func (c *content) open() error {
	for c.stream == nil {
		c.get.Offset = c.pos
		head, s, err := c.guest.Get(c.ctx, c.get)
		if final := c.final(err); final != nil {
			return final
		}
		if err != nil {
			c.wait()
			continue
		}
		if head.ETag != c.info.ETag || head.Size != c.info.Size {
			s.Cancel(wire.CodeDone)
			return errors.New("the host's file changed while it was read")
		}
		c.stream = s
		c.unhook = context.AfterFunc(c.ctx, func() { s.Cancel(wire.CodeDone) }) // wakes a Read
	}
	return nil
}

func (c *content) wait() {
	select {
	case <-time.After(again):
	case <-c.ctx.Done():
	}
}

// final says whether an error cannot be waited out.
func (c *content) final(err error) error {
	var r *party.Refusal
	switch {
	case err == nil:
		return nil
	case c.ctx.Err() != nil:
		return context.Cause(c.ctx)
	case errors.As(err, &r) && r.Code != "WP-UNREACHABLE" && r.Code != "WP-UDP-BLOCKED" && r.Code != wire.ByeClosing:
		return fmt.Errorf("the host refused: %w", err)
	}
	return nil
}

func (c *content) drop() {
	if c.stream != nil {
		c.unhook()
		c.stream.Cancel(wire.CodeDone)
		c.stream = nil
	}
}

// Close is io.Closer's.
func (c *content) Close() error {
	c.drop()
	return nil
}
