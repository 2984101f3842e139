package travel

import (
	"cmp"
	"slices"

	"github.com/lifecircle/lifecircle/geo/graph"
)

// siteTable holds the sites of each chain, by piece and id.
type siteTable map[graph.ChainID][]Site

func byPiece(x, y Site) int {
	return cmp.Or(cmp.Compare(x.Snap.Arc>>1, y.Snap.Arc>>1), cmp.Compare(x.ID, y.ID))
}

func (t siteTable) add(c graph.ChainID, s Site) {
	at, _ := slices.BinarySearchFunc(t[c], s, byPiece)
	t[c] = slices.Insert(t[c], at, s)
}

func (t siteTable) remove(c graph.ChainID, id int32) {
	if t[c] = slices.DeleteFunc(t[c], func(s Site) bool { return s.ID == id }); len(t[c]) == 0 {
		delete(t, c)
	}
}

// SitesOn gives the sites on the piece of a, in either direction.
func (f *Field) SitesOn(a graph.ArcID) []Site {
	sites := f.sites[f.net.G.ChainOf(a)]
	if len(sites) == 0 {
		return nil
	}
	first, _ := slices.BinarySearchFunc(sites, a>>1, func(s Site, piece uint32) int { return cmp.Compare(s.Snap.Arc>>1, piece) })
	last := first
	for last < len(sites) && sites[last].Snap.Arc>>1 == a>>1 {
		last++
	}
	return sites[first:last:last]
}

// Sites calls yield with each street piece that has sites, in no order.
func (f *Field) Sites(yield func(graph.ArcID, []Site) bool) {
	for _, sites := range f.sites {
		for len(sites) > 0 {
			on := f.SitesOn(sites[0].Snap.Arc)
			if !yield(f.net.canonical(on[0].Snap.Arc), on) {
				return
			}
			sites = sites[len(on):]
		}
	}
}
