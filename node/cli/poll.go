package cli

import (
	"fmt"
	"slices"
	"strings"

	"watchparty/node/party"
)

// asked keeps the line of a poll or a prediction that has come to its end.
func (d *digest) asked(r party.Record) {
	note := ""
	switch e := r.Event.(type) {
	case party.PollClosed:
		if e.Drop {
			return
		}
		var all []string
		for i, n := range e.Counts[:min(len(e.Counts), len(e.Options))] {
			all = append(all, fmt.Sprintf("%s %d", e.Options[i], n))
		}
		note = fmt.Sprintf("poll: %s %s (%d voted)", e.Question, strings.Join(all, ", "), e.Of)
	case party.PredictionSettled:
		answer := "no outcome"
		if e.Answer != "" {
			answer = e.Answer
		}
		note = fmt.Sprintf("prediction: %s %s; %s", e.Question, answer, d.paid(e))
	default:
		return
	}
	d.lines = append(d.lines, line{party.Said{}, r.By, r.At, note})
}

// paid says who got what of a pool.
func (d *digest) paid(e party.PredictionSettled) string {
	var all []string
	for id, bits := range e.Paid {
		all = append(all, fmt.Sprintf("%s %d Bits", d.name(id), bits))
	}
	slices.Sort(all)
	switch {
	case len(all) == 0:
		return "no Bits were on it"
	case e.Back:
		return "given back: " + strings.Join(all, ", ")
	}
	return strings.Join(all, ", ")
}

// whatOfPrediction says what an entry of a prediction is about.
func whatOfPrediction(r party.Record, e party.Entry) string {
	settled, ok := r.Event.(party.PredictionSettled)
	switch {
	case !ok && e.Bits < 0:
		return "put on a prediction"
	case !ok:
		return "put on a prediction by somebody"
	case e.Member == party.PoolID:
		return "prediction settled"
	case settled.Back:
		return "given back of a prediction"
	}
	return "won in a prediction"
}
