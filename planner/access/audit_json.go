package access

import (
	"encoding/hex"
	"encoding/json"
	"time"
)

// AuditFilter says which rows of the audit log are wanted; the zero value is all.
type AuditFilter struct {
	After         int64 // rows after this number
	Actor, Action string
	Prefix        string // rows about units inside
	Since, Till   time.Time
	Limit         int64 // 0 is all
}

// MarshalJSON writes hashes in hex and the JSON of before and after as it is.
func (e Entry) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Seq       int64           `json:"seq"`
		At        time.Time       `json:"at"`
		ActorID   int64           `json:"actor_id"`
		Actor     string          `json:"actor"`
		Action    string          `json:"action"`
		Object    string          `json:"object"`
		Unit      string          `json:"unit"`
		Source    string          `json:"source"`
		RequestID string          `json:"request_id"`
		Before    json.RawMessage `json:"before"`
		After     json.RawMessage `json:"after"`
		Reason    string          `json:"reason"`
		Previous  string          `json:"previous"`
		Hash      string          `json:"hash"`
		MAC       string          `json:"mac"`
	}{e.Seq, e.At, e.ActorID, e.Actor, e.Action, e.Object, e.Unit, e.Source, e.RequestID, e.Before, e.After, e.Reason, hex.EncodeToString(e.Previous[:]), hex.EncodeToString(e.Hash[:]), hex.EncodeToString(e.MAC[:])})
}

// Verification is what a walk along the chain found.
type Verification struct {
	Rows   int64  `json:"rows"`
	Pruned int64  `json:"pruned"` // last row that was pruned and recorded
	Anchor string `json:"anchor"` // keep it elsewhere: verify --anchor finds a log that was put back
	Break  *Break `json:"break"`  // nil when the chain holds
}
