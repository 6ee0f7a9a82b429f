package clock

import "math"

// All times here are milliseconds, and so is an offset: host time minus local time.
// The page does the same arithmetic, in core/clock.js.
const (
	slotLength = 8000.0          // four pings; within one, only the tightest bounds are kept
	memory     = 32 * slotLength // longer tells the skew better, but it wanders with the temperature

	// steepest is how far two quartz clocks part at the worst, 200 ppm.
	steepest = 200e-6

	// wander is how much the skew may change within the memory: a machine that
	// warms up by a few degrees moves its quartz by a few ppm at most.
	wander = 5e-6

	// grain is how far behind a reading of the worst clock in use can be: that of a
	// web page, rounded down to a millisecond.
	grain = 1.0
)

// A bound is what the offset is at most, or at least, at a local time.
type bound struct{ at, offset float64 }

func (b bound) aged(to, skew float64) float64 { return b.offset + skew*(to-b.at) }

// A slot keeps the tightest bounds of some seconds.
type slot struct {
	begin        float64
	upper, lower bound
}

// A corridor is what samples prove about the offset and its skew, the host's rate
// relative to the local one: at any moment the offset is between the walls. A
// question left before the host read its clock, and the answer came after; so each
// sample gives a wall on either side, whatever it spent on which way.
type corridor struct {
	slots []slot // oldest first; at most 32, since each begins 8 s after the one before

	at           float64 // local time of what is below
	lower, upper float64 // the walls
	slow, fast   float64 // the skew is between these
	offset, skew float64 // what is most likely, always between its bounds
}

// add takes in a sample's bounds. If it cannot be true together with the others,
// a clock was set, or slewed, or stood still in a machine that slept: what was
// before is forgotten.
func (c *corridor) add(sent, received, host float64) {
	upper := bound{sent, host - sent + grain}
	lower := bound{received, host - received - grain}
	c.at = max(c.at, received)
	for len(c.slots) > 0 && c.at-c.slots[0].begin >= memory {
		c.slots = append(c.slots[:0], c.slots[1:]...)
	}
	fresh := slot{received, upper, lower}
	if n := len(c.slots); n == 0 || received-c.slots[n-1].begin >= slotLength {
		c.slots = append(c.slots, fresh)
	} else {
		s := &c.slots[n-1]
		if upper.offset <= s.upper.aged(upper.at, c.fast) {
			s.upper = upper
		}
		if lower.offset >= s.lower.aged(lower.at, c.slow) {
			s.lower = lower
		}
	}
	if !c.build() {
		c.slots = append(c.slots[:0], fresh)
		c.build()
	}
	c.guess()
}

// build computes the bounds of the skew, from each pair of bounds, and the walls;
// false if there is no way between them. Where the skews contradict each other, so
// do the walls.
func (c *corridor) build() bool {
	slow, fast := math.Inf(-1), math.Inf(1)
	for _, a := range c.slots {
		for _, b := range c.slots {
			took := b.lower.at - a.upper.at
			least := (b.lower.offset - a.upper.offset) / took
			if took > 0 {
				slow = max(slow, least)
			} else if took < 0 {
				fast = min(fast, least)
			}
		}
	}
	c.slow, c.fast = max(slow-wander, -steepest), min(fast+wander, steepest)
	lower, upper := c.walls(c.slow, c.fast)
	c.lower, c.upper = lower.offset, upper.offset
	return c.lower <= c.upper
}

// walls are the highest lower and the lowest upper bound, each aged from where it
// was found.
func (c *corridor) walls(slow, fast float64) (lower, upper bound) {
	lower.offset, upper.offset = math.Inf(-1), math.Inf(1)
	for _, s := range c.slots {
		if v := s.lower.aged(c.at, slow); v > lower.offset {
			lower = bound{s.lower.at, v}
		}
		if v := s.upper.aged(c.at, fast); v < upper.offset {
			upper = bound{s.upper.at, v}
		}
	}
	return lower, upper
}

// guess picks the most likely skew and offset among those that are possible. The
// quickest packets of each way took about the same time, whenever they went. So the
// true skew lays them along two parallel lines, and any other tilts these and
// narrows what is between them: the skew of the widest corridor is taken, and the
// middle of that. Width is given up by a slot's length for each unit of skew, since
// what a few seconds say about skew is chance, and most clocks are nearly right.
func (c *corridor) guess() {
	low, high := c.slow, c.fast
	for range 40 { // halvings, of 400 ppm: exact
		c.skew = (low + high) / 2
		lower, upper := c.walls(c.skew, c.skew)
		widens := lower.at - upper.at - math.Copysign(slotLength, c.skew)
		if widens > 0 {
			low = c.skew
		} else {
			high = c.skew
		}
	}
	lower, upper := c.walls(c.skew, c.skew)
	c.offset = min(max((lower.offset+upper.offset)/2, c.lower), c.upper)
}

// likely is the offset at a local time, not before the last sample.
func (c *corridor) likely(now float64) float64 { return c.offset + c.skew*max(now-c.at, 0) }

// between is what the offset is at least and at most. Once all that is known about
// the skew is older than the memory, it may have wandered anywhere.
func (c *corridor) between(now float64) (lower, upper float64) {
	age := max(now-c.at, 0)
	late := max(age-memory, 0) * steepest
	return c.lower + c.slow*age - late, c.upper + c.fast*age + late
}
