// Package roadsurvey makes a street graph of surveyed roads: lines with a table, from a
// Shapefile, a GeoPackage or anything else that gives lines.
//
// A Mapping says what the columns and words of a table mean in OSM's tags, so that the
// rules of geo/osmroad hold for both sources. Lines need not be cut at their junctions:
// where two cross on the same level they meet, unless a bridge, a tunnel or a layer says
// otherwise; ends that miss a line by a little are joined to it, and each such repair is
// told. What is not understood is never dropped in silence: it is counted and refused.
//
// Points are lon, lat (WGS 84 or CGCS2000); they are kept on the lattice of 1e-7 degree
// (about 1 cm), so that crossings are decided exactly in 64-bit integers.
package roadsurvey
