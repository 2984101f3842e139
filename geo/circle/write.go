package circle

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/paulmach/orb"
)

// AppendCoordinates writes the coordinates of a GeoJSON MultiPolygon: lon, lat with 7 decimals, which is exact for what a
// Mesh draws.
func AppendCoordinates(b []byte, m orb.MultiPolygon) []byte {
	open := func(i int) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '[')
	}
	b = append(b, '[')
	for i, polygon := range m {
		open(i)
		for j, ring := range polygon {
			open(j)
			for k, p := range ring {
				open(k)
				b = appendDegrees(append(appendDegrees(b, p[0]), ','), p[1])
				b = append(b, ']')
			}
			b = append(b, ']')
		}
		b = append(b, ']')
	}
	return append(b, ']')
}

// appendDegrees is strconv's 'f' with 7 decimals, some times faster since coordinates are whole numbers of 1e-7 degree.
func appendDegrees(b []byte, degrees float64) []byte {
	units := int64(math.Round(degrees * unitsPerDegree))
	if units < 0 {
		b, units = append(b, '-'), -units
	}
	b = strconv.AppendInt(b, units/unitsPerDegree, 10)
	b = append(b, ".0000000"...)
	for i, rest := len(b)-1, units%unitsPerDegree; rest > 0; i, rest = i-1, rest/10 {
		b[i] = byte('0' + rest%10)
	}
	return b
}

// WriteCircles writes the samples as a GeoJSON FeatureCollection of MultiPolygons (lon, lat, 7 decimals) with the
// properties source (number), lon and lat of the source on its street, minutes, and the piece of street that it stands on:
// the OSM nodes from_node and to_node, and whole millimetres from the first.
func WriteCircles(w io.Writer, samples []Sample) error {
	b := bufio.NewWriter(w)
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	var text []byte
	for i, s := range samples {
		text = text[:0]
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, "\n{\"type\":\"Feature\",\"geometry\":{\"type\":\"MultiPolygon\",\"coordinates\":"...)
		text = fmt.Appendf(AppendCoordinates(text, s.Polygon), `},"properties":{"source":%d,"lon":%v,"lat":%v,"minutes":%d,"from_node":%d,"to_node":%d,"millimetres":%d}}`,
			s.ID, s.Source[0], s.Source[1], s.Minutes, s.From, s.To, s.Along)
		b.Write(text)
	}
	b.WriteString("\n]}\n")
	return b.Flush()
}

// WriteTimes writes the plain search's times as CSV: osm_node_id, source (as in WriteCircles), milliseconds.
func WriteTimes(w io.Writer, samples []Sample) error {
	b := bufio.NewWriter(w)
	b.WriteString("osm_node_id,source,milliseconds\n")
	var line []byte
	for _, s := range samples {
		for _, n := range s.Nodes {
			line = strconv.AppendInt(line[:0], n.OSMID, 10)
			line = append(line, ',')
			line = strconv.AppendInt(line, int64(s.ID), 10)
			line = append(line, ',')
			line = strconv.AppendUint(line, n.Millis, 10)
			b.Write(append(line, '\n'))
		}
	}
	return b.Flush()
}
