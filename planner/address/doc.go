// Package address reads Chinese addresses as people write them: text in,
// elements out, each with its level and place in the text.
//
// The levels follow the address model of GB/T 35639-2017: divisions, street or
// hamlet, door plate, compound, building, entrance, floor, room. What locates
// but does not belong to a standard address (「对面」, "call first", separators)
// is [Rest].
//
// The parser knows the names of GB/T 2260 (divisions.txt) and the generic words
// that end Chinese place names (lexicon.go); nothing is learned from examples.
// All readings of a text are put into a lattice (candidates.go, number.go),
// each priced by hand-set rules on word form and order (cost.go), and the
// cheapest path wins (decode.go). Work is linear in the length of the text.
package address
