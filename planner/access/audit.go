package access

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Entry is one row of the audit log (留痕): who did what, when, from where, what
// was before and after, and why.
type Entry struct {
	Seq       int64     // 1, 2, 3 … without gaps
	At        time.Time // microseconds, UTC
	ActorID   int64     // 0: nobody logged in, or the operator on the server
	Actor     string    // login name at that time, "operator" for commands
	Action    string    // an Action, or what the system notes: login, logout, …
	Object    string    // what it was done to: user:zhang.san, run:7
	Unit      string    // division code that it concerns, "" for the system
	Source    string    // address it came from, "cli" for commands
	RequestID string
	Before    []byte // JSON, nil for nothing
	After     []byte
	Reason    string
	Previous  [32]byte // hash of the row before
	Hash      [32]byte // SHA-256 of Previous and the encoding of the fields above
	MAC       [32]byte // HMAC-SHA256 of Hash with the key that the database does not have
}

// encode is the canonical form: a version, then each field by its length, so
// that no two rows share one. Absent and empty JSON differ.
func (e *Entry) encode() []byte {
	b := []byte{1}
	b = binary.BigEndian.AppendUint64(b, uint64(e.Seq))
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMicro()))
	b = binary.BigEndian.AppendUint64(b, uint64(e.ActorID))
	for _, f := range [][]byte{[]byte(e.Actor), []byte(e.Action), []byte(e.Object), []byte(e.Unit), []byte(e.Source), []byte(e.RequestID), e.Before, e.After, []byte(e.Reason)} {
		n := uint32(len(f))
		if f == nil {
			n = 0xffffffff
		}
		b = append(binary.BigEndian.AppendUint32(b, n), f...)
	}
	return b
}

// Seal sets the hashes of a row that follows previous.
func (e *Entry) Seal(key []byte, previous [32]byte) {
	e.At = e.At.UTC().Truncate(time.Microsecond)
	e.Previous = previous
	e.Hash = e.hash()
	e.MAC = sign(key, "row", e.Hash[:])
}

func (e *Entry) hash() [32]byte {
	return sha256.Sum256(append(e.Previous[:], e.encode()...))
}

func sign(key []byte, kind string, parts ...[]byte) (sum [32]byte) {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(kind))
	for _, p := range parts {
		mac.Write(p)
	}
	return [32]byte(mac.Sum(nil))
}

// Head is the end of the chain, kept apart from the rows so that a cut tail is
// found, and its beginning, which pruning moves.
type Head struct {
	Pruned     int64    // last row that was pruned, 0 for none
	PrunedHash [32]byte // its hash: what the first row that is left follows
	Seq        int64    // last row
	Hash       [32]byte // its hash
	MAC        [32]byte
}

// Seal signs the head.
func (h *Head) Seal(key []byte) { h.MAC = h.mac(key) }

func (h *Head) mac(key []byte) [32]byte {
	var n [16]byte
	binary.BigEndian.PutUint64(n[:], uint64(h.Pruned))
	binary.BigEndian.PutUint64(n[8:], uint64(h.Seq))
	return sign(key, "head", n[:], h.PrunedHash[:], h.Hash[:])
}

// Anchor is one row's number and hash, kept outside of the database.
type Anchor struct {
	Seq  int64
	Hash [32]byte
}

// Pruning is what the row that records a pruning says in After.
type Pruning struct {
	From int64     `json:"from"`
	To   int64     `json:"to"`
	Rows int64     `json:"rows"`
	Hash string    `json:"hash"` // of row To, in hex: what the rows that are left follow
	Till time.Time `json:"till"` // rows before this moment went
}

// Break is the first place where the chain does not hold.
type Break struct {
	Seq  int64  `json:"seq"` // the row, or the number where one is missing
	What string `json:"what"`
}

// The kinds of break.
const (
	Missing    = "missing"     // the row was deleted
	Altered    = "altered"     // a field was changed: the hash is not that of the fields
	Unlinked   = "unlinked"    // it does not follow the row before: the chain was recomputed up to here
	Forged     = "forged"      // the hashes fit but were not made by this program: someone with all rights in the database rewrote it
	CutTail    = "cut_tail"    // rows at the end are gone
	CutHead    = "cut_head"    // rows at the beginning are gone without a record of pruning
	BadHead    = "bad_head"    // the kept head was changed
	RolledBack = "rolled_back" // the anchor outside has rows that the database has not, or other ones
)

// Chain verifies rows as they are read, in order.
type Chain struct {
	key     []byte
	head    Head
	anchors []Anchor
	last    int64
	hash    [32]byte
	pruned  bool // the pruning that the head tells of is recorded
	badHead *Break
	Rows    int64
}

// NewChain starts a verification against the kept head and anchors from outside.
func NewChain(key []byte, head Head, anchors ...Anchor) *Chain {
	c := &Chain{key: key, head: head, anchors: anchors, last: head.Pruned, hash: head.PrunedHash, pruned: head.Pruned == 0}
	if head.MAC != head.mac(key) {
		c.badHead = &Break{head.Seq, BadHead}
	}
	return c
}

// Next takes a row; a Break ends the verification.
func (c *Chain) Next(e *Entry) *Break {
	c.Rows++
	switch {
	case e.Seq != c.last+1 && c.last == c.head.Pruned:
		return &Break{c.last + 1, CutHead}
	case e.Seq != c.last+1:
		return &Break{c.last + 1, Missing}
	case e.Hash != e.hash():
		return &Break{e.Seq, Altered}
	case e.Previous != c.hash:
		return &Break{e.Seq, Unlinked}
	case e.MAC != sign(c.key, "row", e.Hash[:]):
		return &Break{e.Seq, Forged}
	}
	for _, a := range c.anchors {
		if a.Seq == e.Seq && a.Hash != e.Hash {
			return &Break{e.Seq, RolledBack}
		}
	}
	if p := (Pruning{}); e.Action == string(PruneAudit) && json.Unmarshal(e.After, &p) == nil && p.To == c.head.Pruned && p.Hash == hex.EncodeToString(c.head.PrunedHash[:]) {
		c.pruned = true
	}
	c.last, c.hash = e.Seq, e.Hash
	return nil
}

// End compares where the rows ended with the kept head and the anchors.
func (c *Chain) End() *Break {
	for _, a := range c.anchors {
		if a.Seq > c.last {
			return &Break{c.last + 1, RolledBack}
		}
	}
	switch {
	case c.badHead != nil:
		return c.badHead
	case c.last < c.head.Seq:
		return &Break{c.last + 1, CutTail}
	case c.last > c.head.Seq || c.hash != c.head.Hash:
		return &Break{c.head.Seq, BadHead}
	case !c.pruned:
		return &Break{c.head.Pruned, CutHead}
	}
	return nil
}
