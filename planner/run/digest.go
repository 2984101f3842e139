package run

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"github.com/lifecircle/lifecircle/planner/standard"
)

// digest fingerprints a run: what was read, asked and assumed, and what came
// out. The run's name is not part of it, nor is the number of the data version:
// the same data loaded elsewhere give the same digest.
func digest(spec Spec, plan *standard.Plan, in *Inputs, res *Result) (string, error) {
	h := sha256.New()
	enc := json.NewEncoder(h) // maps are written in key order
	spec.Name, spec.DataVersion = "", 0
	data := *in
	data.DataVersion = 0
	rows := *res
	rows.Digest = ""
	for _, part := range []any{spec, plan, data, rows} {
		if err := enc.Encode(part); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
