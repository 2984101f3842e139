// Package travel turns a street graph and a profile into travel times.
//
// Times are integer milliseconds per arc, so that sums compare exactly; ties go
// to the smallest site id. A position is a point on an arc: half of an arc costs
// half of its time, from either end, in the arc's own direction. Inbound is
// toward the site (people to a facility), outbound away from it.
package travel
