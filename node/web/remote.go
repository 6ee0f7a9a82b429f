package web

// Remote is the way in for friends elsewhere, as the host's node found it.
type Remote struct {
	On      bool   `json:"on"`                // serve --remote
	Link    string `json:"link,omitempty"`    // the open invitation, for a node outside; "": there is no way in
	Address string `json:"address,omitempty"` // where the router lets nodes in
	Way     string `json:"way,omitempty"`     // NAT-PMP, UPnP, or direct
	Within  bool   `json:"within,omitempty"`  // the address answers from within the house too
	Until   int64  `json:"until,omitempty"`   // when it closes if it is not renewed, Unix milliseconds; 0: it does not
	Code    string `json:"code,omitempty"`    // why there is no way in
	Reason  string `json:"reason,omitempty"`
}
