// Package graph is the immutable street graph. Its pieces are straight lines
// between two OSM nodes; each is two directed arcs, 2p and 2p+1, so that the twin
// of an arc is its number with the last bit turned.
//
// Between two junctions the pieces form a chain: its inner nodes have two streets
// only, so nothing is decided there. A search goes from junction to junction
// over whole chains, and what lies within a chain is computed from its pieces; no
// time is rounded over more than a piece. Junctions are numbered first, along a
// Hilbert curve, so that neighbours in the street are neighbours in memory; then
// the inner nodes, chain by chain in the order of their pieces.
//
// Points are lon, lat in degrees; lengths are integer millimetres on the ground.
// A graph is made by a Builder or read from its file, and never changes; it may be
// used by any number of goroutines.
package graph
