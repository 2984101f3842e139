// Package geocode finds the standard address that a text means.
//
// Names (divisions, places, streets, estates) stand in a [Gazetteer] in memory,
// houses in a database behind [Houses]. A text is folded (fold.go), every name of
// the gazetteer is looked for in it (match.go), names are joined to chains that
// agree with the division tree (chain.go), spelling mistakes are looked for only
// below what is already certain (typo.go), the numbers behind the last name are
// read by planner/address (tail.go), and the houses that bear them are weighed
// (rank.go). Everything that a reader of the text must forgive has a price in
// points; a score is 1 − points/100. Two answers of nearly the same price are
// both given: a wrong house that is called certain is worse than a question.
package geocode
