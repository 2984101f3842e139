// Package completeness tells how complete a street network is, township by township: a footpath that nobody surveyed makes a
// false gap, since people seem to walk round. It counts streets and footpaths, homes without a street near them, pieces of
// street that are joined to nothing and ends that nearly meet, and says in an official's words where gaps must be verified first.
package completeness
