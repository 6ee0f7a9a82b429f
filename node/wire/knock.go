package wire

// Knocks tells the host and moderators who waits at the door, at every change; empty: nobody any more.
type Knocks struct {
	Waiting []Knock `json:"waiting"`
}

// A Knock is somebody who waits there.
type Knock struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Agent string `json:"agent,omitempty"` // browser and system; empty: not known, or a node
	Key   string `json:"key,omitempty"`   // of a node, as [Identity.ID]
	By    string `json:"by,omitempty"`    // link or pin; empty: a node that saw the party on the network
	Since int64  `json:"since"`           // Unix milliseconds, host time
}

// Answer lets in whoever knocked, or turns them away: one by their id, "*" all. Without an id it asks who waits.
type Answer struct {
	ID string `json:"id,omitempty"`
	In bool   `json:"in,omitempty"`
}
