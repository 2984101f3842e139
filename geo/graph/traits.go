package graph

// Traits are what makes an arc slow or closed to some travellers, besides its length and class: the surface, and what is met
// at the node that the arc enters. A profile turns them into seconds (geo/travel); the graph only keeps the facts, so
// that another profile needs no other graph. Zero means that nothing is known and nothing is met.
//
// Bits: 0–2 surface, 3–4 crossing, 5 kerb, 6–9 barrier, 10–12 opened, 14 conveying, 15 boarding,
// 16–18 private, 24–31 incline in signed percent.
type Traits uint32

// Surface of a street.
type Surface uint8

// The surfaces, from OSM's surface and smoothness values.
const (
	Paved Surface = iota // or unknown
	Compacted
	Unpaved
	Gravel
	Mud
	NumSurfaces
)

// Crossing of a carriageway at the node that an arc enters.
type Crossing uint8

// The crossings, from OSM's crossing values.
const (
	NoCrossing Crossing = iota
	Unmarked            // one waits for a gap
	Zebra               // marked, drivers give way
	Signals
	NumCrossings
)

// Barrier at the node that an arc enters.
type Barrier uint8

// The barriers, from OSM's barrier values.
const (
	NoBarrier Barrier = iota
	Gate
	LiftGate
	SwingGate
	Bollard
	Block
	Chain
	CycleBarrier
	Stile
	KissingGate
	Turnstile
	Debris
	Wall
	Entrance
	NumBarriers
)

// The one-bit traits.
const (
	Kerb      Traits = 1 << 5  // a raised kerb at the node entered
	Conveying Traits = 1 << 14 // an escalator or moving walkway that runs along the arc
	Boarding  Traits = 1 << 15 // one boards a ferry of unknown headway at the arc's tail
)

// Surface gives the arc's surface.
func (t Traits) Surface() Surface { return Surface(t & 7) }

// Crossing gives the crossing at the node entered.
func (t Traits) Crossing() Crossing { return Crossing(t >> 3 & 3) }

// Barrier gives the barrier at the node entered.
func (t Traits) Barrier() Barrier { return Barrier(t >> 6 & 15) }

// Opened gives the modes for whom the barrier's own tags say that it is open.
func (t Traits) Opened() Access { return Access(t>>10) & (Foot | Bicycle | Car) }

// Incline gives the mapped slope along the arc in percent, 0 when none is mapped.
func (t Traits) Incline() int8 { return int8(t >> 24) }

// Private gives the modes that only those who belong here may use: a yard (小区), a private gate.
func (t Traits) Private() Access { return Access(t>>16) & (Foot | Bicycle | Car) }

// WithPrivate is t where the modes are private.
func (t Traits) WithPrivate(modes Access) Traits {
	return t&^(7<<16) | Traits(modes&(Foot|Bicycle|Car))<<16
}

// WithSurface is t with a surface.
func (t Traits) WithSurface(s Surface) Traits { return t&^7 | Traits(s)&7 }

// WithCrossing is t with a crossing.
func (t Traits) WithCrossing(c Crossing) Traits { return t&^(3<<3) | Traits(c)&3<<3 }

// WithBarrier is t with a barrier that is open to the modes opened.
func (t Traits) WithBarrier(b Barrier, opened Access) Traits {
	return t&^(127<<6) | Traits(b)&15<<6 | Traits(opened&(Foot|Bicycle|Car))<<10
}

// WithIncline is t with a slope in percent.
func (t Traits) WithIncline(percent int8) Traits { return t&^(255<<24) | Traits(uint8(percent))<<24 }
