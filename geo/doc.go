// Package geo is the floor of Lifecircle: points, streets and time, without people or policy.
//
// Coordinates are orb.Point{lon, lat} in degrees, CGCS2000 (EPSG:4490), which
// EPSG itself equates with WGS 84 (null transformation, about 1 m); axis order
// of other systems is dealt with in geo/crs alone. Lengths are metres, travel
// times are integer milliseconds, so that every comparison of times is exact.
//
// The subpackages, from the ground up:
//
//	crs         coordinate systems of China, both ways
//	shapefile, geopackage   readers of the formats that counties deliver
//	dem         elevation grids
//	graph       the immutable street graph and its file
//	osmroad     OpenStreetMap files into a graph, roads and water
//	travel      profiles, searches, positions on streets
//	circle      the polygon that separates reachable from unreachable streets
//
// Nothing here imports planner, data, api or web.
package geo
