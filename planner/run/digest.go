package run

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// digest fingerprints a run: what was read, asked and assumed, and what came
// out. The run's name is not part of it, nor is the number of the data version:
// the same data loaded elsewhere give the same digest.
func (e *Evaluation) digest(parts []*Part, res *Result) (string, error) {
	spec, data, rows := e.spec, *e.in, *res
	spec.Name, spec.DataVersion, data.DataVersion, rows.Digest = "", 0, 0, ""
	read := make([]string, len(parts))
	for i, p := range parts {
		read[i] = p.Addresses
	}
	h := sha256.New()
	enc := json.NewEncoder(h) // maps are written in key order
	for _, part := range []any{spec, e.plan, data, read, rows} {
		if err := enc.Encode(part); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// fingerprint is the digest of a county's addresses.
func fingerprint(addresses []Address) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, a := range addresses {
		_ = enc.Encode(a) // text and numbers, into memory: cannot fail
	}
	return hex.EncodeToString(h.Sum(nil))
}
