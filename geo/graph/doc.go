// Package graph is the immutable street graph: nodes are the OSM nodes of
// routable ways, numbered along a Hilbert curve so that neighbours in the
// street are neighbours in memory; arcs are directed, in CSR order by tail.
//
// Points are lon, lat in degrees; lengths are integer millimetres on the
// ground. A graph is made by a Builder only and never changes; it may be read
// by any number of goroutines.
package graph
