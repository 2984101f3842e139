package layer

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// CRS84 is longitude, latitude on WGS 84: what GeoJSON is in unless asked otherwise.
const CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

// CRS is a reference system of coordinates in a question or an answer.
type CRS struct {
	EPSG    int  // 0 is CRS84: longitude, latitude
	YX      bool // latitude or northing comes first, as the authority has it
	Degrees bool
}

// CRSs are the systems that are offered: degrees, web mercator, and the zones of
// CGCS2000 (3-degree Gauss-Krüger) with their number in the easting and without.
func CRSs() []CRS {
	all := []CRS{{}, {4326, true, true}, {3857, false, false}, {4490, true, true}}
	for code := 4513; code <= 4554; code++ {
		all = append(all, CRS{code, true, false})
	}
	return all
}

// URI names the system as OGC does.
func (c CRS) URI() string {
	if c.EPSG == 0 {
		return CRS84
	}
	return fmt.Sprintf("http://www.opengis.net/def/crs/EPSG/0/%d", c.EPSG)
}

// Geographic tells whether coordinates are degrees.
func (c CRS) Geographic() bool { return c.EPSG == 0 || c.Degrees }

// Domain is where coordinates of the system can be, x first: the globe, or for a
// zone about 30 degrees to both sides of its meridian, beyond which nobody has a use for it.
func (c CRS) Domain() orb.Bound {
	switch {
	case c.Geographic():
		return orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	case c.EPSG == 3857:
		const half = 20037508.342789244
		return orb.Bound{Min: orb.Point{-half, -half}, Max: orb.Point{half, half}}
	}
	easting := 5e5
	if c.EPSG <= 4533 { // the number of the zone stands before
		easting += float64(c.EPSG-4513+25) * 1e6
	}
	return orb.Bound{Min: orb.Point{easting - 3.3e6, -1e7}, Max: orb.Point{easting + 3.3e6, 1e7}}
}

var epsg = regexp.MustCompile(`^(?:https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/|urn:ogc:def:crs:EPSG:[0-9.]*:|EPSG:|epsg:)(\d{4,5})$`)

// ParseCRS reads the name of a system that is offered: a URI or URN of OGC, or EPSG:CODE.
func ParseCRS(s string) (CRS, bool) {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]") // a safe CURIE
	if s == "urn:ogc:def:crs:OGC:1.3:CRS84" || s == "OGC:CRS84" || s == "CRS84" || strings.Replace(s, "https:", "http:", 1) == CRS84 {
		return CRS{}, true
	}
	if m := epsg.FindStringSubmatch(s); m != nil {
		code, _ := strconv.Atoi(m[1]) // digits
		for _, c := range CRSs() {
			if c.EPSG == code {
				return c, true
			}
		}
	}
	return CRS{}, false
}
