package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"watchparty/node/party"
)

// bitsReport is what was cheered and given at one party.
type bitsReport struct {
	Cheered int64                    `json:"cheered"`
	Given   int64                    `json:"given"`           // less what was taken back
	Months  int                      `json:"months"`          // of subscription, bought or given
	By      map[party.MemberID]int64 `json:"by,omitempty"`    // what each gave the host, also for subscriptions
	Goals   []party.Goal             `json:"goals,omitempty"` // each as it stood last
	Train   int                      `json:"train,omitempty"` // the highest level of a hype train
}

// follow keeps how goal and hype train stand after a record.
func (b *bitsReport) follow(s *party.State, r party.Record) {
	if s.Train != nil {
		b.Train = max(b.Train, s.Train.Level)
	}
	_, set := r.Event.(party.Aimed)
	switch {
	case s.Goal == nil:
	case set || len(b.Goals) == 0:
		b.Goals = append(b.Goals, *s.Goal)
	default:
		b.Goals[len(b.Goals)-1] = *s.Goal
	}
}

func (b *bitsReport) add(r party.Record) {
	switch e := r.Event.(type) {
	case party.Credited:
		b.Given += e.Bits
	case party.Said:
		b.Cheered += e.Bits
	case party.Subscribed:
		b.Months++
	case party.Gifted:
		b.Months += len(e.To)
	}
	if bits := r.Spent(); bits > 0 {
		if b.By == nil {
			b.By = map[party.MemberID]int64{}
		}
		b.By[r.By] += bits
	}
}

// subscribed keeps the line of somebody who subscribed.
func (d *digest) subscribed(e party.Subscribed, r party.Record) {
	note := "subscribed"
	if e.Months > 1 {
		note += ", " + months(e.Months) + " so far"
	}
	d.lines = append(d.lines, line{e.Said, r.By, r.At, note})
}

// gifted keeps the line of somebody who gave subscriptions.
func (d *digest) gifted(e party.Gifted, r party.Record) {
	var to []string
	for _, x := range e.To {
		to = append(to, d.name(x.Member))
	}
	d.lines = append(d.lines, line{party.Said{}, r.By, r.At, "gave a month of subscription to " + strings.Join(to, ", ")})
}

func months(n int) string {
	if n == 1 {
		return "1 month"
	}
	return fmt.Sprint(n, " months")
}

// writeBits writes what was cheered, and by whom, the most first.
func (d *digest) writeBits(w io.Writer) {
	if d.bits.Cheered == 0 && d.bits.Given == 0 && d.bits.Months == 0 && len(d.bits.Goals) == 0 {
		return
	}
	fmt.Fprintf(w, "\nBITS\n%d cheered, %d given", d.bits.Cheered, d.bits.Given)
	if d.bits.Months > 0 {
		fmt.Fprintf(w, ", %s of subscription", months(d.bits.Months))
	}
	fmt.Fprintln(w)
	var all []party.MemberID
	for id := range d.bits.By {
		all = append(all, id)
	}
	slices.SortFunc(all, func(a, b party.MemberID) int {
		return cmp.Or(cmp.Compare(d.bits.By[b], d.bits.By[a]), cmp.Compare(d.name(a), d.name(b)))
	})
	for _, id := range all {
		fmt.Fprintf(w, "%s: %d\n", d.name(id), d.bits.By[id])
	}
	for _, g := range d.bits.Goals {
		reached := "not reached"
		if g.Reached > 0 {
			reached = "reached " + time.UnixMilli(g.Reached).Format("15:04:05")
		}
		fmt.Fprintf(w, "Goal %s: %d of %d, %s\n", g.Text, g.Got, g.Bits, reached)
	}
	if d.bits.Train > 0 {
		fmt.Fprintf(w, "Hype train: level %d\n", d.bits.Train)
	}
}

// An entry is a line of the house's ledger.
type entry struct {
	Event   string         `json:"event"`
	At      int64          `json:"at"` // Unix milliseconds
	Party   party.ID       `json:"party"`
	Seq     party.Seq      `json:"seq"`
	Member  party.MemberID `json:"member"`
	Name    string         `json:"name"`
	Bits    int64          `json:"bits"`
	Balance int64          `json:"balance"`
	Months  int            `json:"months,omitempty"` // of subscription added
	Until   int64          `json:"until,omitempty"`  // its end then, Unix milliseconds
	What    string         `json:"what"`
	evening string
}

func newMemberLedger(s streams) *cobra.Command {
	var data string
	var asJSON bool
	c := &cobra.Command{
		Use:   "ledger [ID]",
		Short: "show every Bit that was ever given or spent",
		Long: "Show every Bit that was ever given or spent, and every month of subscription, at all parties, the oldest first; of\n" +
			"one person, if ID or a name that only one person has is there. It works whether the host is running or not.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			m, err := remember(c.Context(), data)
			if err != nil {
				return err
			}
			defer m.close()
			accounts, err := m.accounts(c.Context())
			if err != nil {
				return err
			}
			var who party.MemberID
			if len(args) > 0 {
				if who, err = findMember(accounts, args[0]); err != nil {
					return err
				}
			}
			parties, err := m.parties(c.Context())
			if err != nil {
				return err
			}
			l := ledger{names: map[party.MemberID]string{}, balances: map[party.MemberID]int64{}}
			for _, a := range accounts {
				l.names[a.ID] = a.Name
			}
			for _, p := range slices.Backward(parties) {
				whole, err := readParty(c.Context(), m, p.ID)
				if err != nil {
					return err
				}
				for _, member := range whole.Members {
					l.names[member.ID] = cmp.Or(l.names[member.ID], member.Name)
				}
				if err := l.add(p.ID, p.Name, whole.Records); err != nil {
					return err
				}
			}
			return l.print(s.out, who, asJSON)
		},
	}
	c.Flags().StringVar(&data, "data", stateDir(), "data folder of the host")
	c.Flags().BoolVar(&asJSON, "json", false, "one JSON object an entry, a line each")
	return c
}

// A ledger is the entries of all parties, as far as it has been read.
type ledger struct {
	names    map[party.MemberID]string
	balances map[party.MemberID]int64
	entries  []entry
}

func (l *ledger) add(id party.ID, evening string, records []json.RawMessage) error {
	for _, raw := range records {
		r, err := party.DecodeRecord(raw)
		if err != nil {
			return err
		}
		for _, e := range r.Entries() {
			l.balances[e.Member] += e.Bits
			l.entries = append(l.entries, entry{
				"entry", r.At.UnixMilli(), id, r.Seq, e.Member, cmp.Or(l.names[e.Member], string(e.Member)),
				e.Bits, l.balances[e.Member], e.Months, e.Until, l.whatOf(r, e), evening,
			})
		}
	}
	return nil
}

// whatOf says what an entry is about.
func (l *ledger) whatOf(r party.Record, e party.Entry) string {
	switch event := r.Event.(type) {
	case party.Credited:
		if event.Week > 0 {
			return fmt.Sprintf("allowance of week %d of %d", event.Week%100, event.Week/100)
		}
	case party.Said:
		if e.Bits < 0 {
			return "cheered"
		}
		return "cheer received"
	case party.Wagered, party.PredictionSettled:
		return whatOfPrediction(r, e)
	case party.Subscribed, party.Gifted:
		switch {
		case e.Months > 0 && e.Member == r.By:
			return "subscribed until " + dayOf(e.Until)
		case e.Months > 0:
			return "subscription given by " + cmp.Or(l.names[r.By], string(r.By)) + ", until " + dayOf(e.Until)
		case e.Bits < 0:
			return "paid for subscription"
		}
		return "subscription received"
	}
	if e.Bits < 0 {
		return "taken back"
	}
	return "given"
}

func dayOf(ms int64) string { return time.UnixMilli(ms).Format(time.DateOnly) }

// print writes the entries of one person, or of all.
func (l *ledger) print(w io.Writer, who party.MemberID, asJSON bool) error {
	shown := slices.DeleteFunc(l.entries, func(e entry) bool { return who != "" && e.Member != who })
	if asJSON {
		enc := json.NewEncoder(w)
		for _, e := range shown {
			if err := enc.Encode(e); err != nil {
				return err
			}
		}
		return nil
	}
	if len(shown) == 0 {
		_, err := fmt.Fprintln(w, "No Bits have moved yet.")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 4, 3, ' ', 0)
	fmt.Fprintln(t, "WHEN\tMEMBER\tBITS\tBALANCE\tWHAT\tPARTY")
	for _, e := range shown {
		when := time.UnixMilli(e.At).Format("2006-01-02 15:04")
		fmt.Fprintf(t, "%s\t%s\t%+d\t%d\t%s\t%s\n", when, e.Name, e.Bits, e.Balance, e.What, e.evening)
	}
	return t.Flush()
}
