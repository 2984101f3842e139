// Package osmroad reads OpenStreetMap files into a street graph, with the
// streets and water that a map draws. Objects may come in any order: a file is
// read twice, ways first, then the nodes that they use.
package osmroad
