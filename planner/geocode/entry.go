package geocode

import (
	"strings"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/address"
)

// Entry is one way to ask for a house: by a name in a unit, and a number.
type Entry struct {
	Level  address.Level // street, hamlet, compound; village when the number hangs on the unit itself
	Unit   planner.Code
	Name   string // "" for the unit itself
	Number string
}

// EntriesOf gives the entries of a house. Of one that has only a text the elements are
// read by the parser, behind the names of its unit (full path) when it begins so.
func EntriesOf(h House, unitPath string) []Entry {
	if h.Street == "" && h.Hamlet == "" && h.Plate == "" && h.Compound == "" && h.Building == "" {
		h = elementsOf(h, unitPath)
	}
	plate := numberKey(address.Element{Level: address.Plate, Text: h.Plate})
	building := numberKey(address.Element{Level: address.Building, Text: h.Building})
	if building == "" && h.Building != "" { // 东楼
		building = string(fold(h.Building))
	}
	both := strings.Trim(plate+"-"+building, "-")
	var all []Entry
	add := func(level address.Level, name, number string) {
		all = append(all, Entry{level, h.Unit, strings.TrimSpace(name), number})
	}
	for _, along := range []struct {
		level address.Level
		name  string
	}{{address.Street, h.Street}, {address.Hamlet, h.Hamlet}} {
		if along.name == "" {
			continue
		}
		add(along.level, along.name, plate)
		if both != plate {
			add(along.level, along.name, both)
		}
	}
	if h.Compound != "" {
		if building != "" || plate == "" {
			add(address.Compound, h.Compound, building)
		}
		if plate != "" && h.Street == "" {
			add(address.Compound, h.Compound, plate)
			if building != "" {
				add(address.Compound, h.Compound, both)
			}
		} else if plate != "" && building == "" {
			add(address.Compound, h.Compound, "")
		}
	}
	if len(all) == 0 && both != "" {
		add(address.Village, "", both)
	}
	return all
}

// elementsOf fills a house from its text.
func elementsOf(h House, unitPath string) House {
	text, path := string(fold(h.Text)), string(fold(unitPath))
	text, cut := strings.CutPrefix(text, path)
	lead := ""
	if cut && path != "" {
		lead = "某某村" // the parser reads numbers by what stands before them
	}
	for _, e := range address.Parse(lead + text) {
		switch {
		case e.End <= len([]rune(lead)):
		case e.Level == address.Street && h.Street == "":
			h.Street = e.Text
		case e.Level == address.Hamlet && h.Hamlet == "":
			h.Hamlet = e.Text
		case e.Level == address.Plate:
			h.Plate += e.Text
		case e.Level == address.Compound && h.Compound == "":
			h.Compound = e.Text
		case e.Level == address.Building:
			h.Building += e.Text
		}
	}
	return h
}
