// Package circle draws the area that is reached within a time so that it
// separates: every reachable part of a street lies inside, every unreachable
// part outside.
//
// A Mesh is made once per network and profile: a constrained Delaunay
// triangulation of the streets and of the water lines. A Polygon is marched
// through its triangles. The contour meets a street only at the exact point
// where the time is used up, hence the separation; between streets it is free
// and slides to save vertices (after Baum et al., "Scalable Exact
// Visualization of Isocontours via Minimum-Link Paths", ESA 2016).
//
// Vertices lie on the lattice of 1e-7 degree (about 1 cm), which is both OSM's
// own precision and that of the GeoJSON we write: predicates are exact in
// 64-bit integers, and what is checked is what is written.
//
// Verify is the independent proof: it samples the streets and computes times
// with a plain Dijkstra of its own.
package circle
