package features

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// cursor is where the next page starts, and in which snapshot: pages of one
// download agree while a run is being published.
type cursor struct {
	After string `json:"a"`
	layer.Snapshot
}

// text writes the cursor of a collection with a checksum, so that one that was
// cut, changed or meant for another collection is told from one that is good.
// It is no secret: what it names is read with the rights of whoever sends it.
func (c cursor) text(collection string) string {
	b, _ := json.Marshal(c) // strings and numbers
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint32(b, checksum(b, collection)))
}

func checksum(b []byte, collection string) uint32 {
	return crc32.Update(crc32.ChecksumIEEE([]byte(collection)), crc32.IEEETable, b)
}

func parseCursor(s, collection string) (c cursor, err error) {
	bad := planner.Errorf(planner.Invalid, "参数cursor无效,请从第一页重新开始", "parameter cursor is not valid: start again from the first page")
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) < 4 {
		return c, bad
	}
	b, sum := b[:len(b)-4], binary.BigEndian.Uint32(b[len(b)-4:])
	if sum != checksum(b, collection) || json.Unmarshal(b, &c) != nil || c.After == "" || strings.ContainsRune(c.After, 0) {
		return c, bad
	}
	return c, nil
}
