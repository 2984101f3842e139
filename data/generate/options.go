package generate

// Scale is how much land is invented.
type Scale string

const (
	County     Scale = "county"     // one county: 15 townships, about 400,000 people
	Prefecture Scale = "prefecture" // eight counties
	Province   Scale = "province"   // ninety counties
)

// Options choose the scale (County when empty) and the seed; the same options
// give the same bytes.
type Options struct {
	Scale Scale
	Seed  int64
}

// Manifest counts what was written.
type Manifest struct {
	Files      []string
	Units      int // of all levels
	Townships  int
	Villages   int
	Hamlets    int
	Places     int
	Addresses  int
	Facilities int
	People     int // residents
	Nodes      int // of the street network
	Ways       int
	Exclusions int
}
