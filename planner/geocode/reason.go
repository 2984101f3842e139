package geocode

import (
	"fmt"

	"github.com/lifecircle/lifecircle/planner"
)

var (
	reasonNothing = Reason{"nothing_known", planner.Text{ZH: "其中没有已知的地名", EN: "no name in it is known"}}
	reasonSeveral = Reason{"several", planner.Text{ZH: "有几处同样符合,请补充上级区划或村(社区)", EN: "several places fit equally: add the township or the village"}}
	reasonFar     = Reason{"too_different", planner.Text{ZH: "与最接近的地址差别较大,请核对", EN: "the nearest address differs too much to be certain"}}
	reasonNoHouse = Reason{"house_not_found", planner.Text{ZH: "地址库中没有此门牌或幢号", EN: "the database has no such plate or building there"}}
	reasonUnknown = Reason{"name_not_found", planner.Text{ZH: "其后的名称在此处不存在", EN: "the name behind it is not known there"}}
	reasonNear    = Reason{"near", planner.Text{ZH: "原文只说在此附近", EN: "the text only says that it is near this"}}
	reasonPart    = Reason{"number_cut", planner.Text{ZH: "号码后一部分按户室号理解", EN: "the last part of the number is taken for a room"}}
	reasonGroup   = Reason{"plate_of_several", planner.Text{ZH: "此门牌下有多幢房屋", EN: "several buildings share this plate"}}
)

// formReasons say how a name differs; %s are the text and the standard name.
var formReasons = map[form]struct{ id, zh, en string }{
	asAlias:    {"alias", "「%s」是「%s」的别名", "%q is another name of %q"},
	asShort:    {"short_name", "「%s」简称,标准名称「%s」", "%q is short for %q"},
	asMoved:    {"moved", "原属「%s」的这一部分,现属「%s」", "that part of %q is in %q now"},
	asFormer:   {"former_name", "「%s」现为「%s」", "%q is now %q"},
	asLoose:    {"loose_name", "「%s」按「%s」理解", "%q is taken for %q"},
	asSound:    {"sound_alike", "「%s」按同音字理解为「%s」", "%q sounds like %q"},
	asSwapped:  {"swapped", "「%s」字序颠倒,应为「%s」", "%q has characters swapped: %q"},
	asMistyped: {"mistyped", "「%s」有错字,应为「%s」", "%q has a wrong character: %q"},
}

// reasons lists what the answer forgives, in the order of the text.
func (g *Gazetteer) reasons(q *question, c *candidate) []Reason {
	all := []Reason{}
	var chain []*link
	for at := c.reading.link; at > 0; at = q.links[at].prev {
		chain = append(chain, &q.links[at])
	}
	for i := len(chain) - 1; i >= 0; i-- {
		l := chain[i]
		said, name := string(q.text[l.start:l.end]), g.nodes[l.node].name
		if f, ok := formReasons[l.form]; ok {
			all = append(all, Reason{f.id, planner.Text{ZH: fmt.Sprintf(f.zh, said, name), EN: fmt.Sprintf(f.en, said, name)}})
		}
		end := 0
		if l.prev > 0 {
			end = q.links[l.prev].end
		}
		if skipped := string(q.text[end:l.start]); l.skipped > 0 && (l.prev <= 0 || q.links[l.prev].skipped < l.skipped) {
			if g.goneTownship([]rune(skipped)) {
				all = append(all, Reason{"gone", planner.Text{ZH: fmt.Sprintf("现行区划中没有「%s」,按村名确定", skipped), EN: fmt.Sprintf("%q is no division today: settled by the village", skipped)}})
				continue
			}
			all = append(all, Reason{"skipped", planner.Text{ZH: fmt.Sprintf("「%s」无法对应,未采用", skipped), EN: fmt.Sprintf("%q could not be placed and is left out", skipped)}})
		}
	}
	if c.left > 0 {
		all = append(all, reasonPart)
	}
	if c.group > 1 {
		all = append(all, reasonGroup)
	}
	if c.reading.tail.beside {
		all = append(all, reasonNear)
	}
	return all
}
