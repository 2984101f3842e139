package layer

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// TileSet is a tile matrix set: how the world is cut into tiles, level by level.
type TileSet struct {
	ID, Title string
	URI       string // of OGC's registry; "" when it is not there
	CRS       CRS
	First     int // the first level
	Last      int // the deepest level that is served
	world     orb.Bound
	wide      int // tiles from west to east in the first level; as many as fit from north to south
}

const mercator = 20037508.342789244

// TileSets are those that are served. CGCS2000Quad is the division that Tianditu
// (_c) and most Chinese portals use: WGS1984Quad of OGC on EPSG:4490, with its
// levels numbered from 1, so that a level is the same on both.
var TileSets = []TileSet{
	{"WebMercatorQuad", "Google Maps Compatible for the World", "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad", CRS{EPSG: 3857}, 0, 18, orb.Bound{Min: orb.Point{-mercator, -mercator}, Max: orb.Point{mercator, mercator}}, 1},
	{"CGCS2000Quad", "CGCS2000 经纬度 longitude and latitude, as Tianditu", "", CRS{EPSG: 4490, YX: true, Degrees: true}, 1, 18, orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}, 2},
}

// TileSetByID finds a tile matrix set.
func TileSetByID(id string) (TileSet, bool) {
	for _, s := range TileSets {
		if s.ID == id {
			return s, true
		}
	}
	return TileSet{}, false
}

// Matrix gives the number of columns and rows of a level.
func (s TileSet) Matrix(z int) (columns, rows int) {
	columns = s.wide << (z - s.First)
	size := (s.world.Max[0] - s.world.Min[0]) / float64(columns)
	return columns, int(math.Ceil((s.world.Max[1]-s.world.Min[1])/size - 1e-9))
}

// Size is the width and height of a tile of a level in the units of the CRS.
func (s TileSet) Size(z int) float64 {
	columns, _ := s.Matrix(z)
	return (s.world.Max[0] - s.world.Min[0]) / float64(columns)
}

// Origin is the upper left corner of every level, x first.
func (s TileSet) Origin() orb.Point { return orb.Point{s.world.Min[0], s.world.Max[1]} }

// Tile is one tile of a set. Row 0 is in the north.
type Tile struct {
	Set         TileSet
	Z, Col, Row int
}

// Exists tells whether the level has such a tile.
func (t Tile) Exists() bool {
	if t.Z < t.Set.First || t.Z > t.Set.Last {
		return false
	}
	columns, rows := t.Set.Matrix(t.Z)
	return t.Col >= 0 && t.Row >= 0 && t.Col < columns && t.Row < rows
}

// Bound is the tile in the units of its CRS, x first.
func (t Tile) Bound() orb.Bound {
	size, o := t.Set.Size(t.Z), t.Set.Origin()
	x, y := o[0]+size*float64(t.Col), o[1]-size*float64(t.Row)
	return orb.Bound{Min: orb.Point{x, y - size}, Max: orb.Point{x + size, y}}
}

// Degrees is the tile in longitude and latitude with a margin of 1/64, clipped to the globe.
func (t Tile) Degrees() orb.Bound {
	b := t.Bound()
	b = b.Pad((b.Max[0] - b.Min[0]) / 64)
	if !t.Set.CRS.Geographic() {
		lat := func(y float64) float64 { return math.Atan(math.Sinh(y/mercator*math.Pi)) * 180 / math.Pi }
		b = orb.Bound{Min: orb.Point{b.Min[0] / mercator * 180, lat(b.Min[1])}, Max: orb.Point{b.Max[0] / mercator * 180, lat(b.Max[1])}}
	}
	return orb.Bound{Min: orb.Point{max(-180, b.Min[0]), max(-90, b.Min[1])}, Max: orb.Point{min(180, b.Max[0]), min(90, b.Max[1])}}
}

// At is the tile of a level that holds a point in longitude and latitude.
func (s TileSet) At(p orb.Point, z int) Tile {
	x, y := p[0], p[1]
	if !s.CRS.Geographic() {
		lat := max(-85.05, min(85.05, y)) * math.Pi / 180
		x, y = x/180*mercator, math.Asinh(math.Tan(lat))/math.Pi*mercator
	}
	size, o := s.Size(z), s.Origin()
	columns, rows := s.Matrix(z)
	return Tile{s, z, min(columns-1, max(0, int((x-o[0])/size))), min(rows-1, max(0, int((o[1]-y)/size)))}
}

// Key names the tile in caches.
func (t Tile) Key() string { return fmt.Sprint(t.Set.ID, "/", t.Z, "/", t.Row, "/", t.Col) }
