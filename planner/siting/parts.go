package siting

// part is a piece of a problem that shares no demand point with another.
type part struct {
	problem *Problem
	name    []int32 // by candidate: its place in the whole
	arcs    int
}

// parts falls a problem apart, in the order of the candidates, and counts its arcs. Candidates that reach nobody are in none.
func (p *Problem) parts() (parts []part, arcs int) {
	root := make([]int32, len(p.Weight)) // demand points that share a candidate have one root
	for i := range root {
		root[i] = int32(i)
	}
	find := func(i int32) int32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	for _, reach := range p.Reach {
		for _, a := range reach {
			root[find(a.Demand)] = find(reach[0].Demand)
		}
		arcs += len(reach)
	}
	isOld := make([]bool, len(p.Reach))
	for _, j := range p.Existing {
		isOld[j] = true
	}
	of, place := map[int32]int{}, make([]int32, len(p.Weight))
	for i := range place {
		place[i] = -1
	}
	for j, reach := range p.Reach {
		if len(reach) == 0 {
			continue
		}
		at, known := of[find(reach[0].Demand)]
		if !known {
			at = len(parts)
			of[find(reach[0].Demand)] = at
			parts = append(parts, part{problem: &Problem{}})
		}
		here := &parts[at]
		own := make([]Arc, len(reach))
		for k, a := range reach {
			if place[a.Demand] < 0 {
				place[a.Demand] = int32(len(here.problem.Weight))
				here.problem.Weight = append(here.problem.Weight, p.Weight[a.Demand])
			}
			own[k] = Arc{place[a.Demand], a.Cost}
		}
		if isOld[j] {
			here.problem.Existing = append(here.problem.Existing, len(here.name))
		}
		here.problem.Reach = append(here.problem.Reach, own)
		here.name = append(here.name, int32(j))
		here.arcs += len(reach)
	}
	return parts, arcs
}
