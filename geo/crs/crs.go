package crs

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// ErrUnknown says that a coordinate system is none of those of the package.
var ErrUnknown = errors.New("geo: unknown coordinate system")

// kind is the family of formulas of a CRS.
type kind uint8

const (
	geographic kind = iota + 1
	webMercator
	gaussKrueger
	gcj
	baidu
)

// CRS is a coordinate system; compare with ==. The zero value is none.
type CRS struct {
	kind     kind
	code     int     // EPSG, 0 for gcj02 and bd09
	meridian float64 // central, degrees east
	easting  float64 // false, metres
}

// The systems that code names.
var (
	WGS84    = CRS{kind: geographic, code: 4326}
	CGCS2000 = CRS{kind: geographic, code: 4490}
	Mercator = CRS{kind: webMercator, code: 3857}
	GCJ02    = CRS{kind: gcj}
	BD09     = CRS{kind: baidu}
)

// Parse reads "EPSG:4549", "4549", "urn:ogc:def:crs:EPSG::4549", an
// opengis.net URI, "CRS84", "gcj02", "bd09" or "CGCS2000", in any case.
func Parse(s string) (CRS, error) {
	name := strings.ToLower(strings.TrimSpace(s))
	switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(name) {
	case "gcj02", "火星坐标系":
		return GCJ02, nil
	case "bd09", "bd09ll", "百度坐标系":
		return BD09, nil
	case "cgcs2000":
		return CGCS2000, nil
	case "wgs84", "crs84":
		return WGS84, nil
	}
	if strings.HasSuffix(name, "crs84") {
		return WGS84, nil
	}
	digits := name
	if i := strings.LastIndexAny(name, ":/"); i >= 0 {
		if !strings.Contains(name, "epsg") {
			return CRS{}, fmt.Errorf("%w %q", ErrUnknown, s)
		}
		digits = name[i+1:]
	}
	code, err := strconv.Atoi(digits)
	if err != nil {
		return CRS{}, fmt.Errorf("%w %q", ErrUnknown, s)
	}
	return FromEPSG(code)
}

// FromEPSG gives the system with an EPSG code.
func FromEPSG(code int) (CRS, error) {
	switch {
	case code == 4326:
		return WGS84, nil
	case code == 4490:
		return CGCS2000, nil
	case code == 3857 || code == 900913:
		return Mercator, nil
	case code >= 4513 && code <= 4533:
		zone := code - 4513 + 25
		return CRS{gaussKrueger, code, float64(3 * zone), float64(zone)*1e6 + 5e5}, nil
	case code >= 4534 && code <= 4554:
		return CRS{gaussKrueger, code, float64(75 + 3*(code-4534)), 5e5}, nil
	}
	return CRS{}, fmt.Errorf("%w EPSG:%d", ErrUnknown, code)
}

// String gives the name that Parse reads; "" for the zero value.
func (c CRS) String() string {
	switch c.kind {
	case 0:
		return ""
	case gcj:
		return "gcj02"
	case baidu:
		return "bd09"
	}
	return "EPSG:" + strconv.Itoa(c.code)
}

// IsLonLat tells whether coordinates are degrees (shifted or not), not metres.
func (c CRS) IsLonLat() bool { return c.kind == geographic || c.kind == gcj || c.kind == baidu }

// Axes names the two numbers of a point of c, in the order of this package.
func (c CRS) Axes() string {
	if c.IsLonLat() {
		return "lon, lat (degrees)"
	}
	return "easting, northing (metres)"
}

// Accepts tells whether p can be a point of c at all: degrees on the globe, or
// metres within 5° of the central meridian (a zone is 3° wide; deliveries overlap
// their neighbours).
func (c CRS) Accepts(p orb.Point) bool {
	x, y := p[0], p[1]
	switch c.kind {
	case geographic, gcj, baidu:
		return math.Abs(x) <= 180 && math.Abs(y) <= 90
	case webMercator:
		return math.Abs(x) <= 20037508.35 && math.Abs(y) <= 20048966.11
	case gaussKrueger:
		return math.Abs(x-c.easting) <= 4.5e5 && y >= 0 && y <= 1e7
	}
	return false
}

// ToLonLat takes a point of c to lon/lat degrees, CGCS2000. Inside the domain
// that Accepts tells, within 1 mm of PROJ (gcj02, bd09: of their own forward
// formula); outside it the answer is meaningless.
func (c CRS) ToLonLat(p orb.Point) orb.Point {
	switch c.kind {
	case webMercator:
		return fromMercator(p)
	case gaussKrueger:
		return c.fromGaussKrueger(p)
	case gcj:
		return invert(p, toGCJ)
	case baidu:
		return invert(invert(p, gcjToBaidu), toGCJ)
	}
	return p
}

// FromLonLat takes lon/lat degrees, CGCS2000, to c.
func (c CRS) FromLonLat(p orb.Point) orb.Point {
	switch c.kind {
	case webMercator:
		return toMercator(p)
	case gaussKrueger:
		return c.toGaussKrueger(p)
	case gcj:
		return toGCJ(p)
	case baidu:
		return gcjToBaidu(toGCJ(p))
	}
	return p
}

// InMainland tells roughly whether lon/lat lies where Chinese map services shift
// coordinates: the rectangle around China that they all use.
func InMainland(p orb.Point) bool {
	return p[0] >= 72.004 && p[0] <= 137.8347 && p[1] >= 0.8293 && p[1] <= 55.8271
}
