package travel

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// WhatIf is a field of nearest times that a planner changes by adding, removing
// and moving sites, and by closing and opening streets. An edit repairs only what it touches, and is exact: after any
// edits every label is that of a search from scratch. It is for one goroutine.
type WhatIf struct {
	base    *Net   // with the streets as they were at first
	field   *Field // on a net of its own, where streets are closed and opened
	demand  *Demand
	nearest []Nearest
	sites   map[int32]Site
	near    bitset // junctions with a site on one of their chains, now or once
	edits   []edit

	repriced bitset // chains with an arc that an edit changed, now or once

	q       *buckets
	was     []label // of the edit that is being made
	touched bitset  // points that it may change
}

// edit is what undoing needs.
type edit struct {
	labels         []label // what junctions had before; a junction's first is its oldest
	changes        []Change
	removed, added []Site
	tolls          []toll
}

// Change is a point whose nearest site or time an edit changed.
type Change struct {
	Point         int32
	Before, After Nearest
}

// NewWhatIf starts from a field, which it copies, and its points. The field and the
// points must be of one net and one direction, site ids distinct and not negative.
func NewWhatIf(f *Field, d *Demand) (*WhatIf, error) {
	if f.net != d.net || f.dir != d.dir {
		return nil, fmt.Errorf("geo: the field and the points are of different nets or directions")
	}
	own := *f.net
	own.cost, own.links = slices.Clone(own.cost), slices.Clone(own.links)
	w := &WhatIf{base: f.net, demand: d, repriced: newBitset(f.net.G.NumChains()), sites: map[int32]Site{}, near: newBitset(f.net.G.Junctions()), q: newBuckets(), touched: newBitset(len(d.points))}
	w.field = &Field{net: &own, dir: f.dir, limit: f.limit, labels: slices.Clone(f.labels), sites: siteTable{}, was: &w.was}
	for _, sites := range f.sites {
		for _, s := range sites {
			if err := w.admits(s); err != nil {
				return nil, err
			}
			w.place(s)
		}
	}
	w.nearest = d.Nearest(w.field)
	return w, nil
}

// Nearest gives the nearest site of a point as the edits have it now.
func (w *WhatIf) Nearest(point int) Nearest { return w.nearest[point] }

// Sites gives the sites as the edits have them now, by id.
func (w *WhatIf) Sites() []Site {
	all := make([]Site, 0, len(w.sites))
	for _, id := range slices.Sorted(maps.Keys(w.sites)) {
		all = append(all, w.sites[id])
	}
	return all
}

// Add opens a site and gives the points that it changes, by number. The error
// names an id that is taken or negative, or a position that the net has not.
func (w *WhatIf) Add(s Site) ([]Change, error) {
	if err := w.admits(s); err != nil {
		return nil, err
	}
	return w.edit(nil, []Site{s}), nil
}

// Remove closes a site and gives the points that it leaves changed. The error names an id that is not there.
func (w *WhatIf) Remove(id int32) ([]Change, error) {
	s, ok := w.sites[id]
	if !ok {
		return nil, fmt.Errorf("geo: no site %d", id)
	}
	return w.edit([]Site{s}, nil), nil
}

// Move brings a site to another position, as one edit.
func (w *WhatIf) Move(id int32, to Snap) ([]Change, error) {
	s, ok := w.sites[id]
	if !ok {
		return nil, fmt.Errorf("geo: no site %d", id)
	}
	if err := w.field.net.has(to.Position); err != nil {
		return nil, err
	}
	return w.edit([]Site{s}, []Site{{id, to}}), nil
}

// Undo takes the last edit back: every label, point and site is what it was. It
// gives the points that change by it; ok is false when no edit is left.
func (w *WhatIf) Undo() (changes []Change, ok bool) {
	if len(w.edits) == 0 {
		return nil, false
	}
	last := w.edits[len(w.edits)-1]
	w.edits = w.edits[:len(w.edits)-1]
	for _, s := range last.added {
		w.displace(s)
	}
	for _, s := range last.removed {
		w.place(s)
	}
	for _, c := range last.tolls {
		w.field.net.cost[c.arc] = c.was
	}
	for _, c := range w.chains(last.tolls) {
		w.field.net.sumChain(c)
	}
	for _, l := range slices.Backward(last.labels) {
		w.field.labels[l.node] = l.Nearest
	}
	for i, c := range last.changes {
		w.nearest[c.Point] = c.Before
		last.changes[i].Before, last.changes[i].After = c.After, c.Before
	}
	return last.changes, true
}

// Digest is the SHA-256 of the whole state: the sites, the arcs that differ from
// the net, the label of every junction, the nearest site of every point.
func (w *WhatIf) Digest() [sha256.Size]byte {
	h := sha256.New()
	var b []byte
	put := func(numbers ...uint32) {
		for _, x := range numbers {
			b = binary.LittleEndian.AppendUint32(b, x)
		}
		if len(b) > 1<<16 {
			h.Write(b)
			b = b[:0]
		}
	}
	put(w.field.limit, uint32(w.field.dir), uint32(len(w.sites)))
	for _, s := range w.Sites() {
		put(uint32(s.ID), s.Snap.Arc, s.Snap.Along, s.Snap.Millis)
	}
	for chain, ok := w.repriced.next(0); ok; chain, ok = w.repriced.next(chain + 1) {
		_, _, first, last := w.base.G.Chain(chain)
		for a := 2 * first; a < 2*last; a++ {
			if c := w.field.net.cost[a]; c != w.base.cost[a] {
				put(a, c)
			}
		}
	}
	for _, all := range [][]Nearest{w.field.labels, w.nearest} {
		for _, n := range all {
			put(n.Millis, uint32(n.Site))
		}
	}
	h.Write(b)
	return [sha256.Size]byte(h.Sum(nil))
}

func (w *WhatIf) admits(s Site) error {
	if _, taken := w.sites[s.ID]; taken || s.ID < 0 {
		return fmt.Errorf("geo: site id %d is taken or negative", s.ID)
	}
	return w.field.net.has(s.Snap.Position)
}

func (n *Net) has(p Position) error {
	if int64(p.Arc) >= int64(n.G.NumArcs()) || p.Along > n.G.Length(p.Arc) {
		return fmt.Errorf("geo: the net has no place %d mm along arc %d", p.Along, p.Arc)
	}
	return nil
}

func (w *WhatIf) place(s Site) {
	c := w.base.G.ChainOf(s.Snap.Arc)
	from, to, _, _ := w.base.G.Chain(c)
	w.sites[s.ID] = s
	w.field.sites.add(c, s)
	w.near.set(from)
	w.near.set(to)
}

func (w *WhatIf) displace(s Site) {
	delete(w.sites, s.ID)
	w.field.sites.remove(w.base.G.ChainOf(s.Snap.Arc), s.ID)
}
