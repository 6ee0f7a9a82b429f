package web

import (
	"errors"
	"net/http"

	"watchparty/media/catalog"
	"watchparty/node/party"
)

func (s *Server) members(w http.ResponseWriter, r *http.Request, _ caller) {
	accounts, err := s.desk.Auth.Accounts()
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"members": accounts})
}

// A MemberChange is what the host has to say about somebody the house knows. What
// is absent stays.
type MemberChange struct {
	Member party.MemberID        `json:"member"`
	Region *catalog.Region       `json:"region,omitempty"`
	Role   *party.Role           `json:"role,omitempty"`
	Rating *int                  `json:"rating,omitempty"`
	Tiers  *[]catalog.Membership `json:"tiers,omitempty"`
	Add    []catalog.Membership  `json:"add,omitempty"`    // memberships to record
	Drop   []catalog.Tier        `json:"drop,omitempty"`   // memberships to take away
	Remove bool                  `json:"remove,omitempty"` // from the party and the house
	Ban    *bool                 `json:"ban,omitempty"`    // for good, with their devices; false: let in again
	Why    string                `json:"why,omitempty"`    // of a removal or a ban
	Bits   int64                 `json:"bits,omitempty"`   // to give; below 0: to take back
	Nonce  party.Nonce           `json:"nonce,omitempty"`  // with bits: they are given once
}

// changeMember changes what the house knows, and tells the party if the member is
// there, so that it holds at once.
func (s *Server) changeMember(w http.ResponseWriter, r *http.Request, c caller) {
	var q MemberChange
	if !read(w, r, &q) {
		return
	}
	account, err := s.desk.Auth.Change(q.Member, func(a *party.Account) error { return q.apply(a) })
	if err == nil {
		err = s.tellParty(r, c, q, account)
	}
	if err == nil && q.Ban != nil {
		account, err = s.ban(r, c, q)
	}
	if err == nil && q.Bits != 0 {
		account, err = s.credit(r, c, q)
	}
	if err == nil && q.Remove {
		err = s.desk.Auth.Forget(q.Member)
	}
	if err != nil {
		fail(w, r, s.log, err)
		return
	}
	answer(w, http.StatusOK, map[string]any{"member": account})
}

func (s *Server) tellParty(r *http.Request, c caller, q MemberChange, a party.Account) error {
	if m, here := s.House.State().Members[q.Member]; !here || m.Removed || q.Ban != nil {
		return nil
	}
	submit := func(cmd party.Command) error {
		_, err := s.House.Current().Submit(r.Context(), c.ID(), "", cmd)
		var refusal *party.Refusal
		if errors.As(err, &refusal) && refusal.Code == "WP-ENDED" {
			return nil // the party is over; the house knows
		}
		return err
	}
	if q.Remove {
		return submit(party.Remove{Member: q.Member, Why: q.Why})
	}
	if q.Role != nil {
		if err := submit(party.SetRole{Member: q.Member, Role: *q.Role}); err != nil {
			return err
		}
	}
	grant := party.Grant{Member: q.Member, Tiers: &a.Tiers, Rating: &a.Rating}
	if q.Region != nil { // else it may be that of a house without one, which nobody can grant
		grant.Region = &a.Region
	}
	return submit(grant)
}

// ban bans somebody the house knows, here or not, or lifts that. The log of the party that is on says so, if it goes on.
func (s *Server) ban(r *http.Request, c caller, q MemberChange) (party.Account, error) {
	var wish party.Command = party.Ban{Member: q.Member, Why: q.Why}
	if !*q.Ban {
		wish = party.Unban{Member: q.Member}
	}
	_, err := s.House.Current().Submit(r.Context(), c.ID(), "", wish)
	var refusal *party.Refusal
	if errors.As(err, &refusal) && refusal.Code == "WP-ENDED" {
		var ban *party.Banishment
		if *q.Ban {
			ban = &party.Banishment{At: s.Clock.Now().UnixMilli(), By: c.ID(), Why: q.Why}
		}
		err = s.desk.Auth.SetBan(q.Member, ban)
	}
	if err != nil {
		return party.Account{}, err
	}
	account, _, err := s.desk.Auth.Account(q.Member)
	return account, err
}

// credit gives somebody Bits, here or not: the party that is on has the log in which that is written.
func (s *Server) credit(r *http.Request, c caller, q MemberChange) (party.Account, error) {
	if _, err := s.House.Current().Submit(r.Context(), c.ID(), q.Nonce, party.Credit{Member: q.Member, Bits: q.Bits}); err != nil {
		return party.Account{}, err
	}
	account, _, err := s.desk.Auth.Account(q.Member)
	return account, err
}

// apply makes the change to an account, or refuses it whole.
func (q MemberChange) apply(a *party.Account) error {
	if q.Region != nil {
		region, ok := catalog.ParseRegion(string(*q.Region))
		if !ok {
			return &party.Refusal{Code: "WP-BAD", Reason: "That is no region: use two letters of ISO 3166-1, such as FR."}
		}
		a.Region = region
	}
	if q.Role != nil {
		if *q.Role >= party.Host || a.Role >= party.Host {
			return &party.Refusal{Code: "WP-FORBIDDEN", Reason: "A house has one host, who stays the host."}
		}
		a.Role = *q.Role
	}
	if q.Rating != nil {
		a.Rating = max(*q.Rating, 0)
	}
	if q.Tiers != nil {
		a.Tiers = *q.Tiers
	}
	for _, add := range q.Add {
		a.Tiers = append(without(a.Tiers, add.Tier), add)
	}
	for _, tier := range q.Drop {
		a.Tiers = without(a.Tiers, tier)
	}
	return nil
}

func without(held []catalog.Membership, tier catalog.Tier) []catalog.Membership {
	kept := make([]catalog.Membership, 0, len(held)+1)
	for _, m := range held {
		if m.Tier != tier {
			kept = append(kept, m)
		}
	}
	return kept
}
