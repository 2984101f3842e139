package circle

import "github.com/lifecircle/lifecircle/geo/travel"

// inside is the set of reached vertices with their earliest times. Like table it is cleaned at the cost of what was touched.
type inside struct {
	set
	pageOf []int32 // by vertex / pageSize: a page, of use only where a member is in it
	pages  [][pageSize]travel.Millis
}

func (s *inside) reset(bound int) {
	s.set.reset(bound)
	s.pages = s.pages[:0]
	if len(s.pageOf) < len(s.words) {
		s.pageOf = make([]int32, len(s.words))
	}
}

// reach notes that v is reached at time t, or at a time that can be told later (Unreached).
func (s *inside) reach(v int32, t travel.Millis) {
	if s.words[v>>pageBits] == 0 {
		s.pageOf[v>>pageBits] = int32(len(s.pages))
		s.pages = append(s.pages, [pageSize]travel.Millis{})
	}
	at := &s.pages[s.pageOf[v>>pageBits]][v%pageSize]
	if s.add(v) {
		*at = t
		return
	}
	*at = min(*at, t)
}

// time is that of a reached vertex.
func (s *inside) time(v int32) travel.Millis { return s.pages[s.pageOf[v>>pageBits]][v%pageSize] }
