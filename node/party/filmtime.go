package party

// from puts a line where its speaker was in the film, if that is behind the others: nobody can be ahead.
func (e *Said) from(pos float64) {
	if at := seconds(duration(pos)); e.Title != "" && at > 0 && at < e.Pos {
		e.Pos = at
	}
}
