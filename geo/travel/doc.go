// Package travel turns a street graph and a profile into travel times.
//
// Times are integer milliseconds per arc, so that sums compare exactly; ties go
// to the smallest site id. A position is a point on an arc: half of an arc costs
// half of its time, from either end, in the arc's own direction. Inbound is
// toward the site (people to a facility), outbound away from it.
//
// Net.Reach is what one site reaches; Net.Nearest gives a Field, the nearest of
// many sites everywhere, which WhatIf edits. A Demand is a set of points: it takes
// their nearest sites from a field, their k nearest (KNearest), or all (Pairs).
// Net.Routes are the ways themselves, and Net.Opened is the net without what bars them.
package travel
