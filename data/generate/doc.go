// Package generate invents a county, prefecture or province and writes it as
// the very files that users import: units, places, addresses, facilities,
// population, flags, a street network, elevation and exclusion areas.
//
// Everything is made up: the division digits are 99, the land lies in what is
// open sea on real maps (east of 122.75° E, north of 29° N), and all names come
// from syllable lists of this package. The same seed gives the same bytes;
// division codes and names are the same for every seed, only the land, the
// streets and the people differ.
//
// One county is generated at a time: land (terrain, rivers), units (a partition
// that keeps to ridges and rivers), streets (roads of least effort between
// settlements, town streets along a direction field), people, addresses,
// facilities. Gaps have causes that a person sees on the map: a river without a
// bridge, a hamlet up a footpath, an island, a closed station.
//
// Inside the package lengths are metres in a plane whose origin is the county
// rectangle's south-west corner, x east, y north.
package generate
