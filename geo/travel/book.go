package travel

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// The words of a file of profiles.
var (
	modes     = map[string]graph.Access{"foot": graph.Foot, "bicycle": graph.Bicycle, "car": graph.Car}
	crossings = map[string]graph.Crossing{"unmarked": graph.Unmarked, "zebra": graph.Zebra, "signals": graph.Signals}
	barriers  = map[string]graph.Barrier{
		"gate": graph.Gate, "lift_gate": graph.LiftGate, "swing_gate": graph.SwingGate, "bollard": graph.Bollard, "block": graph.Block,
		"chain": graph.Chain, "cycle_barrier": graph.CycleBarrier, "stile": graph.Stile, "kissing_gate": graph.KissingGate,
		"turnstile": graph.Turnstile, "debris": graph.Debris, "wall": graph.Wall, "entrance": graph.Entrance,
	}
	surfaces = map[string]graph.Surface{"compacted": graph.Compacted, "unpaved": graph.Unpaved, "gravel": graph.Gravel, "mud": graph.Mud}
	classes  = map[string]graph.Class{
		"other": graph.Other, "motorway": graph.Motorway, "trunk": graph.Trunk, "primary": graph.Primary, "secondary": graph.Secondary,
		"tertiary": graph.Tertiary, "residential": graph.Residential, "service": graph.Service, "track": graph.Track, "path": graph.Path,
	}
)

// With is the book with the profiles of a file: one with an id of the book takes its place, others are added. The file is
// read strictly: an unknown key or word, a number out of bounds or without a source is an error (*FileError) that names
// file, line and key; all mistakes are told at once.
func (b *Book) With(file, text string) (*Book, error) {
	r := &bookReader{reader: reader{file: file}, book: &Book{slices.Clone(b.profiles), maps.Clone(b.sources)}}
	if r.book.sources == nil {
		r.book.sources = map[string]string{}
	}
	root := r.root(text)
	if root == nil {
		return nil, r.err()
	}
	var profiles *yaml.Node // sources may stand below them
	r.object(root, map[string]field{
		"sources": func(n *yaml.Node) {
			r.pairs(n, func(key, value *yaml.Node) {
				var s string
				r.reader.text(&s)(value)
				r.book.sources[key.Value] = s
			})
		},
		"profiles": func(n *yaml.Node) { profiles = n },
	})
	if profiles == nil {
		r.wrong(root, "缺少 profiles,请写入出行方式", "profiles is missing: write profiles under it")
		return nil, r.err()
	}
	r.list(r.profile)(profiles)
	if err := r.err(); err != nil {
		return nil, err
	}
	return r.book, nil
}

type bookReader struct {
	reader
	book *Book
	here map[string]bool // ids of this file
}

// profile reads one row and puts it into the book.
func (r *bookReader) profile(n *yaml.Node) {
	mistakes := len(r.mistakes)
	var p Profile
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 { // before all other keys, which may stand above it
			if n.Content[i].Value == "base" {
				base, err := r.book.ByID(n.Content[i+1].Value)
				if err != nil {
					r.wrong(n.Content[i+1], "base「%s」不存在,它应在前面", "there is no profile %q before this one to be its base", n.Content[i+1].Value)
				}
				p = base
				p.ID, p.NameZH, p.NameEN, p.Figures = "", "", "", slices.Clone(base.Figures)
			}
		}
	}
	based := p.Mode != 0
	var ignored, mode, private string
	seen := r.object(n, map[string]field{
		"base": r.text(&ignored), "id": r.text(&p.ID),
		"name":    func(n *yaml.Node) { r.object(n, map[string]field{"zh": r.text(&p.NameZH), "en": r.text(&p.NameEN)}) },
		"mode":    r.word(&mode, slices.Sorted(maps.Keys(modes))...),
		"private": r.word(&private, "allow", "deny"),
		"speed":   r.number(&p, "speed", 0.1, 15, func(v float64) { p.Pace = 1 / v }),
		// 900 s for so many metres, kept exact: 1000 m are 0.9 ms/mm
		"metres_in_15_minutes": r.number(&p, "metres_in_15_minutes", 90, 13_500, func(v float64) { p.Pace = 900 / v }),
		"leg":                  r.number(&p, "leg", 0.1, 15, func(v float64) { p.LegPace = 1 / v }),
		"steps":                r.number(&p, "steps", 0.2, 20, func(v float64) { p.StepsFactor = v }),
		"slope":                r.figure(&p, "slope", func(n *yaml.Node, s string) { r.slope(n, s, &p) }),
		"ferries": r.figure(&p, "ferries", func(n *yaml.Node, s string) {
			if p.Ferries, p.FerryWait = s != "none", 0; p.Ferries {
				r.bounded(n, s, 0, 86_400, func(v float64) { p.FerryWait = seconds(v) }, "none")
			}
		}),
		"kerb": r.number(&p, "kerb", 0, 3600, func(v float64) { p.Kerb = seconds(v) }),
		"crossings": func(n *yaml.Node) {
			r.object(n, each(crossings, func(key string, c graph.Crossing) field {
				return r.number(&p, "crossings."+key, 0, 3600, func(v float64) { p.Crossing[c] = seconds(v) })
			}))
		},
		"barriers": func(n *yaml.Node) {
			r.object(n, each(barriers, func(key string, b graph.Barrier) field {
				return r.figure(&p, "barriers."+key, func(n *yaml.Node, s string) {
					if p.Barrier[b] = Unreached; s != "closed" {
						r.bounded(n, s, 0, 3600, func(v float64) { p.Barrier[b] = seconds(v) }, "closed")
					}
				})
			}))
		},
		"surfaces": func(n *yaml.Node) {
			r.object(n, each(surfaces, func(key string, s graph.Surface) field {
				return r.number(&p, "surfaces."+key, 0.2, 20, func(v float64) { p.Surface[s] = v })
			}))
		},
		"transit": func(n *yaml.Node) {
			r.object(n, map[string]field{
				"boardings": r.figure(&p, "transit.boardings", func(n *yaml.Node, s string) {
					if p.Rides.Boardings = strings.Index("12345", s) + 1; len(s) != 1 || p.Rides.Boardings == 0 {
						r.wrong(n, "「%s」应为1到5的整数", "%q must be a whole number from 1 to 5", s)
					}
				}),
				"wait": r.number(&p, "transit.wait", 0, 1, func(v float64) { p.Rides.WaitShare = v }),
				"at":   r.figure(&p, "transit.at", func(n *yaml.Node, s string) { r.clock(n, s, &p.Rides.At) }),
			})
		},
		"kmh": func(n *yaml.Node) {
			r.object(n, each(classes, func(key string, c graph.Class) field {
				return r.number(&p, "kmh."+key, 1, 200, func(v float64) { p.KMH[c] = v })
			}))
		},
	})
	if mode != "" {
		p.Mode = modes[mode]
	}
	if private != "" {
		p.NoPrivate = private == "deny"
	}
	if len(r.mistakes) == mistakes {
		r.whole(n, p, seen, based)
	}
	if p.ID == "" || len(r.mistakes) > mistakes {
		return
	}
	r.here[p.ID] = true
	if i := slices.IndexFunc(r.book.profiles, func(o Profile) bool { return o.ID == p.ID }); i >= 0 {
		r.book.profiles[i] = p
	} else {
		r.book.profiles = append(r.book.profiles, p)
	}
}

// whole checks that a profile lacks nothing and says nothing twice.
func (r *bookReader) whole(n *yaml.Node, p Profile, seen map[string]bool, based bool) {
	if r.here == nil {
		r.here = map[string]bool{}
	}
	need := []string{"id", "name"}
	if !based {
		need = append(need, "mode", "steps", "slope", "ferries", "private")
	}
	for _, key := range need {
		if !seen[key] {
			r.wrong(n, "缺少「%s」,请补上", "%q is missing: add it", key)
		}
	}
	switch pace := seen["speed"] || seen["metres_in_15_minutes"]; {
	case seen["name"] && (p.NameZH == "" || p.NameEN == ""):
		r.wrong(n, "name 应有 zh 和 en", "name must have zh and en")
	case seen["speed"] && seen["metres_in_15_minutes"]:
		r.wrong(n, "speed 与 metres_in_15_minutes 只能有一个", "speed and metres_in_15_minutes: only one of them")
	case p.Mode == graph.Car && (pace || p.Pace != 0):
		r.wrong(n, "乘车的速度写在 kmh 下", "the speeds of a car stand under kmh")
	case p.Mode == graph.Car && p.KMH[graph.Other] == 0:
		r.wrong(n, "缺少 kmh.other,请补上", "kmh.other is missing: add it")
	case p.Mode != graph.Car && p.Pace == 0:
		r.wrong(n, "缺少 speed 或 metres_in_15_minutes,请补上", "speed or metres_in_15_minutes is missing: add one")
	case p.Rides != (Rides{}) && (p.Mode != graph.Foot || p.Rides.Boardings == 0):
		r.wrong(n, "transit 用于步行(mode: foot),须有 boardings", "transit is for mode foot and needs boardings")
	case r.here[p.ID]:
		r.wrong(n, "编号「%s」重复,请改用别的编号", "%s appears twice: give it another id", p.ID)
	case strings.Trim(p.ID, "abcdefghijklmnopqrstuvwxyz0123456789_") != "":
		r.wrong(n, "编号「%s」只能用小写字母、数字和下划线", "id %q may hold small letters, digits and underscores only", p.ID)
	}
}

// figure reads {value, source}, remembers both and hands on the value.
func (r *bookReader) figure(p *Profile, key string, take func(*yaml.Node, string)) field {
	return func(n *yaml.Node) {
		var value, source string
		at := n
		seen := r.object(n, map[string]field{
			"value": func(v *yaml.Node) { at = v; r.text(&value)(v) },
			"source": func(s *yaml.Node) {
				if r.text(&source)(s); source != "" && r.book.sources[source] == "" {
					r.wrong(s, "%s 的来源「%s」没有写在 sources 下", "the source %[2]q of %[1]s does not stand under sources", key, source)
				}
			},
		})
		for _, k := range []string{"value", "source"} {
			if n.Kind == yaml.MappingNode && !seen[k] {
				r.wrong(n, "%s 缺少 %s,应为 {value: 数, source: 来源}", "%s lacks its %s: write {value: NUMBER, source: KEY}", key, k)
			}
		}
		if value == "" || source == "" {
			return
		}
		take(at, value)
		p.Figures = slices.DeleteFunc(p.Figures, func(f Figure) bool { return f.Key == key })
		p.Figures = append(p.Figures, Figure{key, value, r.book.sources[source]})
	}
}

func (r *bookReader) number(p *Profile, key string, least, most float64, take func(float64)) field {
	return r.figure(p, key, func(n *yaml.Node, s string) { r.bounded(n, s, least, most, take, "") })
}

// bounded reads a number within bounds; instead names the word that could stand in its place.
func (r *bookReader) bounded(n *yaml.Node, s string, least, most float64, take func(float64), instead string) {
	v, err := strconv.ParseFloat(s, 64)
	if err == nil && v >= least && v <= most {
		take(v)
		return
	}
	if instead == "" {
		r.wrong(n, "「%s」应为%v到%v的数", "%q must be a number from %v to %v", s, least, most)
		return
	}
	r.wrong(n, "「%s」应为%v到%v的数或 %s", "%q must be a number from %v to %v, or %s", s, least, most, instead)
}

func (r *bookReader) slope(n *yaml.Node, s string, p *Profile) {
	p.Slope, p.NoDownhillGain = s != "none", s == "tobler_no_gain"
	r.word(&s, "none", "tobler", "tobler_no_gain")(n)
}

// clock reads HH:MM.
func (r *bookReader) clock(n *yaml.Node, s string, to *int) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		r.wrong(n, "「%s」应为 HH:MM", "%q must be HH:MM", s)
		return
	}
	*to = 60*t.Hour() + t.Minute()
}

// word reads one of some words.
func (r *bookReader) word(to *string, words ...string) field {
	return func(n *yaml.Node) {
		if r.text(to)(n); *to != "" && !slices.Contains(words, *to) {
			r.wrong(n, "没有「%s」这个词,可用:%s", "%q is not known; use one of %s", *to, strings.Join(words, ", "))
		}
	}
}

// each makes a field of every word.
func each[T any](words map[string]T, make func(string, T) field) map[string]field {
	fields := map[string]field{}
	for key, w := range words {
		fields[key] = make(key, w)
	}
	return fields
}

func seconds(v float64) Millis { return Millis(math.Round(v * 1000)) }
