package capacity

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// Flow is people of one point who go to one facility.
type Flow struct {
	Point, Site int32
	People      int
	Millis      travel.Millis // for each of them
}

// Plan assigns people to facilities. For each point, assigned + Unassigned + Unreachable = its people.
type Plan struct {
	Flows       []Flow // by point, then by facility
	Load        []int  // by facility: people assigned
	Unassigned  []int  // by point: people for whom every facility in reach is full
	Unreachable []int  // by point: people with no facility in reach
	Total       int64  // person-milliseconds of those assigned
	Bound       int64  // proven: no plan that assigns as many takes less
}

// Gap is what is unproven of the total time, as a share.
func (p *Plan) Gap() float64 {
	if p.Total == p.Bound {
		return 0
	}
	return float64(p.Total-p.Bound) / float64(p.Total)
}

// Assign sends people to facilities within their limits: as many as possible, and these with the least total time
// (transportation problem; shortest augmenting paths with potentials, Tomizawa 1971, Edmonds and Karp 1972). A point's people
// may go to several facilities. The plan is optimal, and the bound, from the potentials, equals its total.
// The result depends neither on the order of the pairs nor on the machine; ties go to the smaller numbers. Negative people or
// limits, or a pair outside of the lists, are Invalid; a canceled context is Canceled.
func Assign(ctx context.Context, reach Reach, limit, people []int) (*Plan, error) {
	a, err := newAssigner(reach, limit, people)
	if err != nil {
		return nil, err
	}
	for i := range people {
		if i&255 == 0 && ctx.Err() != nil {
			return nil, planner.Wrap(ctx.Err(), planner.Canceled, "分配计算已取消", "the assignment was canceled")
		}
		for left := people[i]; left > 0 && len(a.arcs(int32(i))) > 0; {
			left -= a.augment(int32(i), left)
		}
	}
	return a.plan(people), nil
}

// arc leads from a point to a facility. The number of the last facility stands for "nowhere", which takes everybody
// at a price above any detour: so as many as possible are assigned before time counts.
type arc struct {
	site   int32
	millis int64
}

type assigner struct {
	from  []int32 // by point, into list
	list  []arc
	flow  []int // by arc
	limit []int // by facility; the rest of it
	users [][]int32
	// user lists the arcs with people on them, by facility; at is an arc's place there, −1 for none.
	at     []int32
	owner  []int32 // by arc: its point
	lambda []int64 // potentials of points and
	price  []int64 // of facilities, at most 0
	nowhere,
	points int32

	q      []reached // heap
	dist   []int64   // of facilities
	pdist  []int64   // of points
	via    []int32   // by facility: the arc that reached it
	back   []int32   // by point: the arc along which its people would leave a facility
	marks  []int32   // facilities touched
	pmarks []int32   // points touched
	done   []bool    // facilities settled
}

const far = math.MaxInt64

func newAssigner(reach Reach, limit, people []int) (*assigner, error) {
	for what, list := range map[planner.Text][]int{{ZH: "服务能力", EN: "limit"}: limit, {ZH: "人口", EN: "population"}: people} {
		for i, v := range list {
			if v < 0 {
				return nil, planner.Errorf(planner.Invalid, "第 %[1]d 项%[2]s %[4]d 是负数", "%[3]s %[1]d is negative: %[4]d", i, what.ZH, what.EN, v)
			}
		}
	}
	n, m := len(people), len(limit)
	a := &assigner{from: make([]int32, n+1), limit: append(slices.Clone(limit), math.MaxInt), users: make([][]int32, m+1), lambda: make([]int64, n), price: make([]int64, m+1), nowhere: int32(m), points: int32(n),
		dist: make([]int64, m+1), pdist: make([]int64, n), via: make([]int32, m+1), back: make([]int32, n), done: make([]bool, m+1)}
	var pairs []travel.Pair
	longest := int64(0)
	if err := reach(func(block []travel.Pair) error {
		for _, p := range block {
			if p.Site < 0 || int(p.Site) >= m || p.Point < 0 || int(p.Point) >= n {
				return planner.Errorf(planner.Invalid, "设施 %d 与需求点 %d 不在名单内", "facility %d and point %d are not both in the lists", p.Site, p.Point)
			}
			longest = max(longest, int64(p.Millis))
		}
		pairs = append(pairs, block...)
		return nil
	}); err != nil {
		return nil, err
	}
	slices.SortFunc(pairs, func(x, y travel.Pair) int {
		return cmp.Or(cmp.Compare(x.Point, y.Point), cmp.Compare(x.Millis, y.Millis), cmp.Compare(x.Site, y.Site))
	})
	dear := (longest + 1) * int64(min(n, m)+2)
	for i, k := int32(0), 0; int(i) < n; i++ {
		a.from[i] = int32(len(a.list))
		for ; k < len(pairs) && pairs[k].Point == i; k++ {
			a.list = append(a.list, arc{pairs[k].Site, int64(pairs[k].Millis)})
		}
		if int(a.from[i]) < len(a.list) {
			a.list = append(a.list, arc{a.nowhere, dear})
		}
		for range len(a.list) - int(a.from[i]) {
			a.owner = append(a.owner, i)
		}
	}
	a.from[n] = int32(len(a.list))
	a.flow, a.at = make([]int, len(a.list)), make([]int32, len(a.list))
	for k := range a.at {
		a.at[k] = -1
	}
	for j := range a.dist {
		a.dist[j] = far
	}
	for i := range a.pdist {
		a.pdist[i] = far
	}
	return a, nil
}

func (a *assigner) arcs(i int32) []arc { return a.list[a.from[i]:a.from[i+1]] }

// augment sends some of left people of point i along the shortest way to a facility with room, and says how many.
func (a *assigner) augment(i int32, left int) int {
	a.pdist[i], a.back[i] = 0, -1
	a.pmarks = append(a.pmarks, i)
	a.expand(i)
	var goal int32
	for {
		top := a.pop()
		j := top.site
		if a.done[j] || top.dist != a.dist[j] {
			continue
		}
		a.done[j] = true
		if a.limit[j] > 0 {
			goal = j
			break
		}
		for _, k := range a.users[j] {
			if p := a.owner[k]; a.pdist[p] == far { // its arc is tight: no longer way from here than to j
				a.pdist[p], a.back[p] = top.dist, k
				a.pmarks = append(a.pmarks, p)
				a.expand(p)
			}
		}
	}
	reach := a.dist[goal]
	for _, j := range a.marks {
		if a.done[j] {
			a.price[j] += a.dist[j] - reach
		}
		a.dist[j], a.done[j] = far, false
	}
	for _, p := range a.pmarks {
		a.lambda[p] += a.pdist[p] - reach
		a.pdist[p] = far
	}
	a.marks, a.pmarks, a.q = a.marks[:0], a.pmarks[:0], a.q[:0]
	some := min(left, a.limit[goal])
	for j := goal; ; {
		k := a.via[j]
		b := a.back[a.owner[k]]
		if b < 0 {
			break
		}
		some = min(some, a.flow[b])
		j = a.list[b].site
	}
	a.limit[goal] -= some
	for j := goal; ; {
		k := a.via[j]
		a.add(k, some)
		b := a.back[a.owner[k]]
		if b < 0 {
			return some
		}
		a.add(b, -some)
		j = a.list[b].site
	}
}

// expand offers the facilities of a point.
func (a *assigner) expand(p int32) {
	for k := a.from[p]; k < a.from[p+1]; k++ {
		j := a.list[k].site
		d := a.pdist[p] + a.list[k].millis + a.lambda[p] - a.price[j]
		if d < a.dist[j] && !a.done[j] {
			if a.dist[j] == far {
				a.marks = append(a.marks, j)
			}
			a.dist[j], a.via[j] = d, k
			a.push(reached{d, j})
		}
	}
}

// add puts people on an arc, or takes them off.
func (a *assigner) add(k int32, people int) {
	j := a.list[k].site
	a.flow[k] += people
	switch list := a.users[j]; {
	case a.flow[k] > 0 && a.at[k] < 0:
		a.at[k] = int32(len(list))
		a.users[j] = append(list, k)
	case a.flow[k] == 0 && a.at[k] >= 0:
		last := list[len(list)-1]
		list[a.at[k]], a.at[last] = last, a.at[k]
		a.users[j], a.at[k] = list[:len(list)-1], -1
	}
}

func (a *assigner) plan(people []int) *Plan {
	out := &Plan{Load: make([]int, a.nowhere), Unassigned: make([]int, a.points), Unreachable: make([]int, a.points)}
	for i := range a.points {
		if len(a.arcs(i)) == 0 {
			out.Unreachable[i] = people[i]
		}
		first := len(out.Flows)
		for k := a.from[i]; k < a.from[i+1]; k++ {
			switch f, at := a.flow[k], a.list[k]; {
			case f == 0:
			case at.site == a.nowhere:
				out.Unassigned[i] = f
				out.Bound -= int64(f) * at.millis
			default:
				out.Flows = append(out.Flows, Flow{i, at.site, f, travel.Millis(at.millis)})
				out.Load[at.site] += f
				out.Total += int64(f) * at.millis
			}
		}
		slices.SortFunc(out.Flows[first:], func(x, y Flow) int { return cmp.Compare(x.Site, y.Site) })
		if out.Unreachable[i] == 0 { // weak duality: λ ≤ cost + price on every arc, prices at least 0
			out.Bound -= int64(people[i]) * a.lambda[i]
		}
	}
	for j, load := range out.Load {
		out.Bound += int64(load+a.limit[j]) * a.price[j]
	}
	return out
}

// reached is a facility on the heap: the least distance first, then the smallest number.
type reached struct {
	dist int64
	site int32
}

func (x reached) less(y reached) bool { return x.dist < y.dist || x.dist == y.dist && x.site < y.site }

func (a *assigner) push(r reached) {
	a.q = append(a.q, r)
	for k := len(a.q) - 1; k > 0; {
		up := (k - 1) / 2
		if !a.q[k].less(a.q[up]) {
			return
		}
		a.q[k], a.q[up] = a.q[up], a.q[k]
		k = up
	}
}

func (a *assigner) pop() reached {
	top, last := a.q[0], len(a.q)-1
	a.q[0] = a.q[last]
	a.q = a.q[:last]
	for k := 0; ; {
		low := 2*k + 1
		if low >= last {
			return top
		}
		if low+1 < last && a.q[low+1].less(a.q[low]) {
			low++
		}
		if !a.q[low].less(a.q[k]) {
			return top
		}
		a.q[k], a.q[low] = a.q[low], a.q[k]
		k = low
	}
}
