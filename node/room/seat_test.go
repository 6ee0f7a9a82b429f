package room

import (
	"context"
	"testing"

	"watchparty/node/party"
)

// early is a source that has said everything before anybody could sit down.
type early struct{ said chan struct{} }

func (e early) Run(ctx context.Context, publish func([]party.Record, *party.State)) error {
	publish(nil, &party.State{Seq: 5})
	for seq := party.Seq(6); seq <= 7; seq++ {
		publish([]party.Record{{Seq: seq}}, &party.State{Seq: seq})
	}
	close(e.said)
	<-ctx.Done()
	return nil
}

func (early) Submit(context.Context, party.MemberID, party.Nonce, party.Command) (party.Seq, error) {
	return 0, nil
}

func (early) Signal(Signal) {}

// TestFirstSeat: records between a room's first state and whoever sits down last
// are not missed.
func TestFirstSeat(t *testing.T) {
	source := early{make(chan struct{})}
	r := New("p", nil, source)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	<-source.said
	if err := r.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	news, err := r.FirstSeat().Next(ctx)
	if err != nil || len(news.Records) != 2 || news.Records[0].Seq != 6 {
		t.Errorf("got %+v, %v", news.Records, err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
