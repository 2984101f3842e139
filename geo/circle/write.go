package circle

import (
	"bufio"
	"fmt"
	"io"
	"strconv"

	"github.com/paulmach/orb/geojson"
)

// WriteCircles writes the samples as a GeoJSON FeatureCollection of MultiPolygons (lon, lat, 7 decimals) with the
// properties source (number), lon and lat of the source on its street, and minutes.
func WriteCircles(w io.Writer, samples []Sample) error {
	b := bufio.NewWriter(w)
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i, s := range samples {
		f := geojson.NewFeature(s.Polygon)
		f.Properties = geojson.Properties{"source": s.ID, "lon": s.Source[0], "lat": s.Source[1], "minutes": s.Minutes}
		text, err := f.MarshalJSON()
		if err != nil {
			return fmt.Errorf("geo: circle %d: %w", i, err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
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
