package store

import (
	"bytes"
	"errors"
	"slices"

	"watchparty/node/party"
)

// Ban keeps a ban with a member's account. Their passes are marked, and so are all others made on the same devices, so
// that who holds one is told; the devices are kept with the ban.
func (tx *Tx) Ban(id party.MemberID, ban party.Banishment) error {
	a, known, err := tx.Account(id)
	if err != nil || !known {
		return err
	}
	all := map[[32]byte]party.Pass{}
	err = passes.each(tx, func(hash []byte, p party.Pass) error {
		all[[32]byte(bytes.Clone(hash))] = p
		if p.Member == id && p.Device != "" && !slices.Contains(ban.Devices, p.Device) {
			ban.Devices = append(ban.Devices, p.Device)
		}
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(ban.Devices)
	a.Ban = &ban
	return errors.Join(tx.PutAccount(a), tx.markPasses(all, id, ban.Devices, true))
}

// Unban ends a ban: the passes are good again.
func (tx *Tx) Unban(id party.MemberID) error {
	a, known, err := tx.Account(id)
	if err != nil || !known || a.Ban == nil {
		return err
	}
	all := map[[32]byte]party.Pass{}
	err = passes.each(tx, func(hash []byte, p party.Pass) error {
		all[[32]byte(bytes.Clone(hash))] = p
		return nil
	})
	if err != nil {
		return err
	}
	devices := a.Ban.Devices
	a.Ban = nil
	return errors.Join(tx.PutAccount(a), tx.markPasses(all, id, devices, false))
}

// markPasses marks the passes of a member and those made on some devices.
func (tx *Tx) markPasses(all map[[32]byte]party.Pass, id party.MemberID, devices []string, banned bool) error {
	for hash, p := range all {
		if p.Member != id && !slices.Contains(devices, p.Device) || p.Banned == banned {
			continue
		}
		if p.Banned = banned; !banned {
			owner, _, err := tx.Account(p.Member)
			if err != nil {
				return err
			}
			p.Banned = owner.Ban != nil // for a ban of its own
		}
		if err := tx.PutPass(hash, p); err != nil {
			return err
		}
	}
	return nil
}

// DeviceBanned says whether somebody who is banned was on that device.
func (tx *Tx) DeviceBanned(device string) (banned bool, err error) {
	if device == "" {
		return false, nil
	}
	err = accounts.each(tx, func(_ []byte, a party.Account) error {
		banned = banned || a.Ban != nil && slices.Contains(a.Ban.Devices, device)
		return nil
	})
	return banned, err
}

// DeviceKnown says whether somebody has a pass that was given to that device.
func (tx *Tx) DeviceKnown(device string) (known bool, err error) {
	if device == "" {
		return false, nil
	}
	err = passes.each(tx, func(_ []byte, p party.Pass) error {
		known = known || p.Device == device && !p.Banned
		return nil
	})
	return known, err
}
