package party

import (
	"slices"
	"strconv"

	"watchparty/media/catalog"
)

const maxQueue = 100

// Queued is a title that waits for its turn.
type Queued struct {
	ID    string          `json:"id"`
	Title catalog.TitleID `json:"title"`
	By    MemberID        `json:"by"`
}

type (
	// Enqueue puts a title at the queue's end.
	Enqueue struct {
		Title catalog.TitleID `json:"title"`
	}
	// Dequeue takes an entry out again.
	Dequeue struct {
		ID string `json:"id"`
	}
	// Dequeued is the fact that an entry left the queue.
	Dequeued struct {
		ID string `json:"id"`
	}
)

func (Enqueue) power() Power { return Suggest }
func (Dequeue) power() Power { return Suggest }

func (c Enqueue) decide(s *State, env Env) ([]Event, error) {
	if len(s.Queue) >= maxQueue {
		return nil, refuse("WP-FULL", "The queue is full: take something out first.")
	}
	if d := env.Titles.Decide(c.Title, s.Members[env.By].Viewer(), env.Now); !d.OK {
		return nil, refuse(string(d.Code), d.Reason)
	}
	return []Event{Queued{strconv.FormatUint(uint64(s.Seq+1), 10), c.Title, env.By}}, nil
}

func (c Dequeue) decide(s *State, _ Env) ([]Event, error) {
	if !slices.ContainsFunc(s.Queue, func(q Queued) bool { return q.ID == c.ID }) {
		return nil, refuse("WP-UNKNOWN", "That is not in the queue any more.")
	}
	return []Event{Dequeued(c)}, nil
}

func (e Queued) apply(s *State, _ Record) { s.Queue = append(slices.Clone(s.Queue), e) }

func (e Dequeued) apply(s *State, _ Record) {
	s.Queue = slices.DeleteFunc(slices.Clone(s.Queue), func(q Queued) bool { return q.ID == e.ID })
}
