package auth

import (
	"fmt"

	"watchparty/node/party"
	"watchparty/store"
)

// StageKey makes a pass by which a program such as OBS may put a member on stage, and do nothing else. It voids the member's
// last one; who is removed has none.
func (a *Auth) StageKey(id party.MemberID) (string, error) {
	token := newSecret(32)
	pass := party.Pass{Member: id, Made: a.now().UnixMilli(), Expires: passEnd(a.now()), Stage: true}
	err := a.db.Update(func(tx *store.Tx) error {
		if err := tx.DropStageKeys(id); err != nil {
			return err
		}
		return tx.PutPass(hash(token), pass)
	})
	if err != nil {
		return "", fmt.Errorf("make a key for the stage: %w", err)
	}
	return token, nil
}

// CheckStage says whom a token may put on stage: its own member, by a pass or by a key for the stage alone.
func (a *Auth) CheckStage(token string) (party.MemberID, error) {
	pass, err := a.pass(token)
	return pass.Member, err
}
