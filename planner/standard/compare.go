package standard

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
)

// Digest fingerprints what a plan says; comments and the layout of its file do not touch it.
func (p *Plan) Digest() string {
	text, _ := json.Marshal(p) // strings, numbers and lists: cannot fail
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Change is one difference between two versions of a plan.
type Change struct {
	Standard string `json:"standard"` // id; "" for the plan itself
	Kind     string `json:"kind"`     // added, removed, changed
	Field    string `json:"field"`    // e.g. Minutes, Unit.Levels, Assumption.speed.Default; "" for a whole row
	Old, New string
	Text     planner.Text `json:"text"`
}

// Compare lists what b says otherwise than a: the plan's own fields first, then
// standards in the order of their ids. Two plans of one digest have no difference.
func Compare(a, b *Plan) []Change {
	var all []Change
	head := func(p *Plan) map[string]string {
		q := *p
		q.Standards = nil
		return flat(q)
	}
	all = append(all, fields("", head(a), head(b))...)
	var ids []string
	for _, p := range []*Plan{a, b} {
		for _, s := range p.Standards {
			ids = append(ids, s.ID)
		}
	}
	slices.Sort(ids)
	for _, id := range slices.Compact(ids) {
		switch x, y := a.Find(id), b.Find(id); {
		case x == nil:
			all = append(all, Change{Standard: id, Kind: "added", New: y.Title.ZH, Text: planner.Text{ZH: "新增 " + id + " " + y.Title.ZH, EN: id + " added: " + y.Title.EN}})
		case y == nil:
			all = append(all, Change{Standard: id, Kind: "removed", Old: x.Title.ZH, Text: planner.Text{ZH: "删去 " + id + " " + x.Title.ZH, EN: id + " removed: " + x.Title.EN}})
		default:
			all = append(all, fields(id, flat(*x), flat(*y))...)
		}
	}
	if order(a) != order(b) && len(all) == 0 {
		all = append(all, Change{Kind: "changed", Field: "Standards", Old: order(a), New: order(b), Text: planner.Text{ZH: "标准的次序改变", EN: "the standards stand in another order"}})
	}
	return all
}

func order(p *Plan) string {
	ids := make([]string, len(p.Standards))
	for i, s := range p.Standards {
		ids[i] = s.ID
	}
	return strings.Join(ids, " ")
}

func fields(id string, old, new map[string]string) []Change {
	var all []Change
	for name := range old {
		if old[name] != new[name] {
			all = append(all, changed(id, name, old[name], new[name]))
		}
	}
	for name := range new {
		if _, ok := old[name]; !ok {
			all = append(all, changed(id, name, "", new[name]))
		}
	}
	slices.SortFunc(all, func(x, y Change) int { return cmp.Compare(x.Field, y.Field) })
	return all
}

func changed(id, field, old, new string) Change {
	said := func(v, none string) string {
		if v == "" {
			return none
		}
		return v
	}
	return Change{Standard: id, Kind: "changed", Field: field, Old: old, New: new, Text: planner.Text{
		ZH: strings.TrimSpace(fmt.Sprintf("%s %s:由「%s」改为「%s」", id, field, said(old, "无"), said(new, "无"))),
		EN: strings.TrimSpace(fmt.Sprintf("%s %s: %q became %q", id, field, said(old, "none"), said(new, "none")))}}
}

// flat lists the fields of a value by path; rows of lists that have a name, id or
// class go by it, so that one more row is one difference.
func flat(v any) map[string]string {
	text, _ := json.Marshal(v) // cannot fail, as above
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.UseNumber()
	var tree any
	_ = dec.Decode(&tree)
	all := map[string]string{}
	walk(all, "", tree)
	return all
}

func walk(all map[string]string, path string, v any) {
	switch v := v.(type) {
	case nil:
	case map[string]any:
		for name, child := range v {
			walk(all, strings.TrimPrefix(path+"."+name, "."), child)
		}
	case []any:
		var words []string
		for _, item := range v {
			row, ok := item.(map[string]any)
			if !ok {
				words = append(words, fmt.Sprint(item))
				continue
			}
			name := cmp.Or(name(row, "Name"), name(row, "ID"), name(row, "Class"))
			walk(all, path+"."+name, row)
		}
		if words != nil {
			all[path] = strings.Join(words, ", ")
		}
	case string, json.Number, bool:
		if s := fmt.Sprint(v); s != "" && s != "0" && s != "false" {
			all[path] = s
		}
	}
}

func name(row map[string]any, key string) string {
	s, _ := row[key].(string)
	return s
}
