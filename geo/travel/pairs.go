package travel

// Pair is a point that a site reaches (or is reached from), snap legs included.
type Pair struct {
	Site   int32 // id
	Point  int32 // number in the Demand
	Millis Millis
}
