package party

import "time"

// A hype train is what several people set going when they give Bits within a few minutes. Each level asks for more,
// and begins the countdown anew. It follows from the times in the log alone, so all fold the same train.
type Train struct {
	Level int   `json:"level"` // from 1
	Bits  int64 `json:"bits"`  // given to it
	Until int64 `json:"until"` // when it ends, Unix milliseconds; what is given then may begin another
}

// Given is what somebody gave lately.
type Given struct {
	By   MemberID `json:"by"`
	At   int64    `json:"at"` // Unix milliseconds
	Bits int64    `json:"bits"`
}

const (
	trainTime  = 5 * time.Minute
	trainGifts = 3 // of at least two people within that time set it going
)

// trainLevels are the Bits at which each level is full; what comes after the last is still counted.
var trainLevels = [...]int64{500, 1200, 2200, 3600, 5500}

// ride adds what was given to the train, or to what may set one going.
func (s *State) ride(r Record, bits int64) {
	now := r.At.UnixMilli()
	if s.Policy.NoTrain {
		return
	}
	if s.Train != nil && now < s.Train.Until {
		t := s.Train.plus(bits, now)
		s.Train = &t
		return
	}
	var lately []Given
	people, sum := map[MemberID]bool{r.By: true}, bits
	for _, g := range s.Given {
		if now-g.At < trainTime.Milliseconds() {
			lately = append(lately, g)
			people[g.By], sum = true, sum+g.Bits
		}
	}
	s.Train, s.Given = nil, append(lately, Given{r.By, now, bits})
	if len(s.Given) >= trainGifts && len(people) > 1 {
		t := Train{Level: 1, Until: now + trainTime.Milliseconds()}.plus(sum, now)
		s.Train, s.Given = &t, nil
	}
}

func (t Train) plus(bits, now int64) Train {
	t.Bits += bits
	for t.Level < len(trainLevels) && t.Bits >= trainLevels[t.Level-1] {
		t.Level++
		t.Until = now + trainTime.Milliseconds()
	}
	return t
}
