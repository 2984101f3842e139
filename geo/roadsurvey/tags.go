package roadsurvey

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/osm"
)

// highways are OSM's values that a class may be mapped to.
var highways = []string{"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link",
	"unclassified", "residential", "living_street", "road", "service", "track", "pedestrian", "footway", "path", "cycleway", "bridleway", "corridor", "crossing", "platform", "steps"}

// classTags reads a class of ours: an OSM highway with more tags (footway bridge=yes), ferry, or skip.
func classTags(word string) (tags osm.Tags, skip bool, err error) {
	parts := strings.Fields(word)
	if len(parts) == 0 {
		return nil, false, fmt.Errorf("a class is empty (类别为空)")
	}
	switch {
	case parts[0] == "skip":
		return nil, true, nil
	case parts[0] == "ferry":
		tags = osm.Tags{{Key: "route", Value: "ferry"}}
	case slices.Contains(highways, parts[0]):
		tags = osm.Tags{{Key: "highway", Value: parts[0]}}
	default:
		return nil, false, fmt.Errorf("%q is no class (没有这个类别); write skip, ferry or an OSM highway: %s", parts[0], strings.Join(highways, ", "))
	}
	for _, p := range parts[1:] {
		k, v, ok := strings.Cut(p, "=")
		if !ok || k == "" || v == "" {
			return nil, false, fmt.Errorf("%q must be KEY=VALUE after the class", p)
		}
		tags = append(tags, osm.Tag{Key: k, Value: v})
	}
	return tags, false, nil
}

// columns are the headings of one file that hold what is known of a line.
type columns struct {
	heading map[string]string // key → heading as the file has it
	classes []string          // headings of classes: the first that a row fills counts
	isOSM   bool              // classes are OSM's own
}

// bind finds the columns of a file. ok is false without one of classes.
func (m Mapping) bind(header []string) (c columns, ok bool) {
	c.heading = map[string]string{}
	byPlain := map[string]string{}
	for _, h := range header {
		if _, twice := byPlain[plain(h)]; !twice {
			byPlain[plain(h)] = h
		}
	}
	find := func(name string) (string, bool) {
		if h, has := byPlain[plain(name)]; has {
			return h, true
		}
		for _, h := range header { // a Shapefile cuts headings at 10 bytes, in UTF-8 within the fourth character
			if whole, isCut := strings.CutSuffix(h, "\uFFFD"); isCut && strings.HasPrefix(plain(name), plain(whole)) {
				return h, true
			}
		}
		return "", false
	}
	for key, list := range m.columns {
		for _, name := range list {
			h, has := find(name)
			if has && c.heading[key] == "" {
				c.heading[key] = h
			}
			if has && key == "class" && !slices.Contains(c.classes, h) {
				c.classes = append(c.classes, h)
			}
		}
	}
	_, own := c.heading["class"]
	_, theirs := c.heading["osm"]
	c.isOSM = theirs && (m.osmFirst || !own)
	return c, own || theirs
}

// unknownWord is a word that no mapping tells the meaning of.
type unknownWord struct{ column, word string }

// tags reads what a row says of its line. skip tells that it is no street; unknown lists the words that are not understood.
func (m Mapping) tags(c columns, fields map[string]string) (tags osm.Tags, skip bool, unknown []unknownWord) {
	set := func(k, v string) {
		if tags.Find(k) == "" {
			tags = append(tags, osm.Tag{Key: k, Value: v})
		}
	}
	if c.isOSM {
		if v := strings.TrimSpace(fields[c.heading["osm"]]); v != "" {
			set("highway", v)
		}
		for _, key := range []string{"waterway", "natural", "route"} { // of GDAL's lines: what bars a leg off the street, ferries
			if v := strings.TrimSpace(fields[key]); v != "" {
				set(key, v)
			}
		}
	} else {
		at := 0
		for at < len(c.classes)-1 && strings.TrimSpace(fields[c.classes[at]]) == "" {
			at++
		}
		word := strings.TrimSpace(fields[c.classes[at]])
		ours, ok := m.word("class", word)
		if !ok {
			return nil, false, []unknownWord{{c.classes[at], word}}
		}
		class, isSkipped, err := classTags(ours)
		if isSkipped || err != nil { // an error is refused by With
			return nil, true, nil
		}
		tags = append(tags, class...)
	}
	for _, key := range keys[2:] {
		h, has := c.heading[key]
		word := strings.TrimSpace(fields[h])
		if !has || word == "" {
			continue
		}
		switch key {
		case "name":
			set("name", word)
		case "other_tags":
			for _, t := range hstore(word) {
				set(t.Key, t.Value)
			}
		default:
			ours, ok := m.word(key, word)
			if !ok {
				unknown = append(unknown, unknownWord{h, word})
				continue
			}
			if key == "steps" {
				if ours == "yes" && tags.Find("highway") != "" && tags.Find("highway") != "steps" {
					tags = slices.DeleteFunc(tags, func(t osm.Tag) bool { return t.Key == "highway" })
					set("highway", "steps")
				}
			} else {
				set(key, ours)
			}
		}
	}
	return tags, false, unknown
}

// yes and no as tables write them.
var truths = map[string]string{
	"是": "yes", "有": "yes", "y": "yes", "yes": "yes", "true": "yes", "t": "yes", "1": "yes", "√": "yes",
	"否": "no", "无": "no", "n": "no", "no": "no", "false": "no", "f": "no", "0": "no", "×": "no",
}

// word gives our word for one of the file; ok is false when it is not known.
func (m Mapping) word(key, word string) (ours string, ok bool) {
	p := plain(word)
	if ours, ok = m.words[key][p]; ok {
		return ours, true
	}
	switch key {
	case "class":
		if slices.Contains(highways, strings.ReplaceAll(strings.ToLower(word), " ", "_")) {
			return strings.ReplaceAll(strings.ToLower(word), " ", "_"), true
		}
		if _, err := strconv.Atoi(p); err == nil && len(p) == 6 { // GB/T 13923: four digits are the class, two its state
			if ours, ok = m.words[key][p[:4]]; ok {
				return ours, true
			}
		}
	case "layer":
		if n, err := strconv.ParseFloat(p, 64); err == nil && n >= -10 && n <= 10 && n == float64(int(n)) {
			return strconv.Itoa(int(n)), true
		}
	case "incline":
		return word, true // what is no number counts as flat
	case "access", "foot", "surface":
		if ours, ok = truths[p]; ok {
			return ours, true
		}
		if strings.IndexFunc(word, func(r rune) bool { return r > 127 }) < 0 {
			return strings.ToLower(word), true // OSM's own words
		}
	default:
		if p == "-1" || p == "reverse" {
			return "-1", true
		}
		if ours, ok = truths[p]; ok {
			return ours, true
		}
		if (key == "bridge" || key == "tunnel") && strings.Trim(p, "abcdefghijklmnopqrstuvwxyz") == "" {
			return p, true // viaduct, culvert …
		}
	}
	ours, ok = m.otherwise[key]
	return ours, ok
}

// hstore reads GDAL's text of tags: "k"=>"v","k2"=>"v2". A Shapefile cuts it at 254 bytes: what is whole counts.
func hstore(s string) (tags osm.Tags) {
	quoted := func() (string, bool) {
		if !strings.HasPrefix(s, `"`) {
			return "", false
		}
		var b strings.Builder
		for i := 1; i < len(s); i++ {
			switch s[i] {
			case '\\':
				if i++; i < len(s) {
					b.WriteByte(s[i])
				}
			case '"':
				s = s[i+1:]
				return b.String(), true
			default:
				b.WriteByte(s[i])
			}
		}
		return "", false
	}
	for {
		k, ok := quoted()
		if !ok || !strings.HasPrefix(s, "=>") {
			return tags
		}
		s = s[2:]
		v, ok := quoted()
		if !ok {
			return tags
		}
		tags = append(tags, osm.Tag{Key: k, Value: v})
		s = strings.TrimPrefix(s, ",")
	}
}
