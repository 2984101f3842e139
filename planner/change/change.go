// Package change describes changes of divisions before they are made: what is
// proposed, what stands against it, and everything that it would touch.
package change

import (
	"encoding/json"

	"github.com/lifecircle/lifecircle/planner"
)

// Kind is what is to become of a unit.
type Kind string

// The kinds.
const (
	Rename   Kind = "rename"
	Recode   Kind = "recode" // another code, as when it goes to another county
	Merge    Kind = "merge"  // into another unit of its level
	Abolish  Kind = "abolish"
	Boundary Kind = "boundary" // another outline
)

// Kinds lists them with the words that people see.
var Kinds = []planner.Word{
	{ID: string(Rename), Name: planner.Text{ZH: "更名", EN: "rename"}}, {ID: string(Recode), Name: planner.Text{ZH: "代码变更", EN: "another code"}},
	{ID: string(Merge), Name: planner.Text{ZH: "并入", EN: "merge into another"}}, {ID: string(Abolish), Name: planner.Text{ZH: "撤销", EN: "abolish"}},
	{ID: string(Boundary), Name: planner.Text{ZH: "界线调整", EN: "another outline"}},
}

// Proposal is a change that somebody thinks of.
type Proposal struct {
	Kind     Kind            `json:"kind"`
	Unit     planner.Code    `json:"unit"`
	Name     string          `json:"name,omitempty"`     // rename
	Code     planner.Code    `json:"code,omitempty"`     // recode: the new one; merge: of the unit that it goes into
	Geometry json.RawMessage `json:"geometry,omitempty"` // boundary: GeoJSON Polygon or MultiPolygon, lon/lat
}

// Check refuses a proposal that lacks what its kind needs; codes are padded.
func (p *Proposal) Check() (err error) {
	if p.Unit, err = planner.ParseCode(string(p.Unit)); err != nil {
		return err
	}
	if p.Code != "" {
		if p.Code, err = planner.ParseCode(string(p.Code)); err != nil {
			return err
		}
	}
	lacks := func(zh, en string) error {
		return planner.Errorf(planner.Invalid, "请给出%[1]s", "give %[2]s", zh, en)
	}
	switch p.Kind {
	case Rename:
		if p.Name == "" {
			return lacks("新名称(name)", "the new name as name")
		}
	case Recode, Merge:
		if p.Code == "" {
			return lacks("代码(code)", "a code as code")
		}
		if p.Code == p.Unit || p.Code.Level() != p.Unit.Level() {
			return planner.Errorf(planner.Invalid, "代码 %s 应是同级的另一代码", "code %s must be another one of the same level", p.Code)
		}
	case Abolish:
	case Boundary:
		if len(p.Geometry) == 0 {
			return lacks("界线(geometry)", "the outline as geometry")
		}
	default:
		return planner.Errorf(planner.Invalid, "变更类型应为 rename、recode、merge、abolish 或 boundary,不是「%s」", "kind must be rename, recode, merge, abolish or boundary, not %q", p.Kind)
	}
	return nil
}

// Item is one thing that a change touches.
type Item struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Touched counts things of one sort and shows the first of them.
type Touched struct {
	What  string `json:"what"` // units, places, addresses, texts (of addresses, that carry the name), facilities, figures, gaps
	Count int64  `json:"count"`
	First []Item `json:"first"`
}

// Overlap is a unit of the same level that the outline covers in part.
type Overlap struct {
	Item
	Share float64 `json:"share"` // of its area, 0 to 1
}

// Preview is what a proposal would touch, as far as the viewer sees it.
type Preview struct {
	Unit       Item           `json:"unit"`
	Level      string         `json:"level"`
	Run        int64          `json:"run_id"` // whose figures and gaps are counted; 0 for none
	Objections []planner.Text `json:"objections"`
	Inside     []Touched      `json:"inside"`   // by their code
	Leaves     []Touched      `json:"leaves"`   // boundary: of the unit, outside the outline
	Enters     []Touched      `json:"enters"`   // boundary: of others, inside the outline
	Overlaps   []Overlap      `json:"overlaps"` // boundary
	AreaBefore float64        `json:"area_before_km2"`
	AreaAfter  float64        `json:"area_after_km2"`
}
