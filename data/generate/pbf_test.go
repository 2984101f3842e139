package generate

import (
	"bytes"
	"context"
	"math"
	"testing"

	"github.com/paulmach/osm"
	"github.com/paulmach/osm/osmpbf"
)

func TestPBFReadsBack(t *testing.T) {
	var nodes []osmNode
	for i := range 9001 { // more than one block
		nodes = append(nodes, osmNode{id: int64(i + 1), lon: 122.75 + float64(i)*1e-5, lat: 29.4 - float64(i)*1e-5})
	}
	nodes[7].tags = []tag{{"barrier", "gate"}}
	ways := []osmWay{{9, []int64{3, 1, 9001}, []tag{{"highway", "steps"}, {"name", "石阶弄"}}}, {4, []int64{1, 2}, nil}}
	rel := []osmRelation{{1, []int64{9}, []int64{4}, []tag{{"type", "multipolygon"}}}}
	var b bytes.Buffer
	if err := writePBF(&b, nodes, ways, rel); err != nil {
		t.Fatal(err)
	}
	sc := osmpbf.New(context.Background(), &b, 1)
	defer sc.Close()
	var n, w, r int
	var lastWay osm.WayID
	for sc.Scan() {
		switch o := sc.Object().(type) {
		case *osm.Node:
			n++
			if o.ID == 8 && o.Tags.Find("barrier") != "gate" || o.ID != 8 && len(o.Tags) > 0 {
				t.Errorf("node %d has tags %v", o.ID, o.Tags)
			}
			if o.ID == 9001 && (math.Abs(o.Lon-122.84) > 1e-9 || math.Abs(o.Lat-29.31) > 1e-9) {
				t.Errorf("node 9001 at %v %v", o.Lon, o.Lat)
			}
		case *osm.Way:
			w++
			if o.ID <= lastWay {
				t.Error("ways are not sorted")
			}
			lastWay = o.ID
			if o.ID == 9 && (len(o.Nodes) != 3 || o.Nodes[2].ID != 9001 || o.Tags.Find("name") != "石阶弄") {
				t.Errorf("way 9: %v", o)
			}
		case *osm.Relation:
			r++
			if len(o.Members) != 2 || o.Members[1].Ref != 4 || o.Members[1].Role != "inner" || o.Members[1].Type != osm.TypeWay {
				t.Errorf("members %v", o.Members)
			}
		}
	}
	if err := sc.Err(); err != nil {
		t.Fatal(err)
	}
	if n != 9001 || w != 2 || r != 1 {
		t.Errorf("read %d nodes, %d ways, %d relations", n, w, r)
	}
}

// The bytes are checked against the TIFF 6.0 layout, field by field.
func TestGeoTIFFLayout(t *testing.T) {
	var b bytes.Buffer
	err := writeGeoTIFF(&b, raster{3, 130, 122.75, 29.4, 1.0 / 3600, func(row int, into []int16) {
		for x := range into {
			into[x] = int16(row*10 + x - 5)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	w, h, rows := readTIFF(t, b.Bytes())
	if w != 3 || h != 130 {
		t.Fatalf("%d × %d", w, h)
	}
	if rows[0] != -5 || rows[129*3+2] != 1287 {
		t.Errorf("corner values %d, %d", rows[0], rows[129*3+2])
	}
}
