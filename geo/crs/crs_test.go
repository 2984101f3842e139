package crs

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"
)

// Expected values of PROJ 9 (cs2cs -f %.4f EPSG:4490 EPSG:…), metres.
func TestAgainstFixedValuesOfPROJ(t *testing.T) {
	for _, c := range []struct {
		code           int
		lonLat, metres orb.Point
	}{
		{4549, orb.Point{120.75, 30.25}, orb.Point{572183.6628, 3348065.0480}},
		{4549, orb.Point{121.4321, 28.654321}, orb.Point{640011.9255, 3171795.8890}},
		{4549, orb.Point{119, 29.9}, orb.Point{403414.6446, 3309448.4233}},
		{4528, orb.Point{121.4321, 28.654321}, orb.Point{40640011.9255, 3171795.8890}},
		{4513, orb.Point{75.9, 39.5}, orb.Point{25577412.6921, 4374400.8652}},
		{4554, orb.Point{134.4, 48.3}, orb.Point{455485.0893, 5351959.5963}},
		{3857, orb.Point{121.4321, 28.654321}, orb.Point{13517759.5380, 3331721.9840}},
		{3857, orb.Point{-51.23, -30.03}, orb.Point{-5702897.5133, -3507406.6469}},
		{4490, orb.Point{121.4321, 28.654321}, orb.Point{121.4321, 28.654321}},
	} {
		system, err := FromEPSG(c.code)
		if err != nil {
			t.Fatal(err)
		}
		tolerance := 1e-3
		if system.IsLonLat() {
			tolerance = 0
		}
		if got := system.FromLonLat(c.lonLat); far(got, c.metres, tolerance) {
			t.Errorf("%v: %v → %.4f, want %.4f", system, c.lonLat, got, c.metres)
		}
		if got := system.ToLonLat(c.metres); far(got, c.lonLat, 1e-8) {
			t.Errorf("%v: %v → %.10f, want %v", system, c.metres, got, c.lonLat)
		}
		if !system.Accepts(c.metres) {
			t.Errorf("%v does not accept its own point %v", system, c.metres)
		}
	}
}

// The values that github.com/wandergis/coordtransform prints in its README.
func TestShiftedSystemsAgainstPublishedValues(t *testing.T) {
	p := orb.Point{116.404, 39.915}
	if got, want := GCJ02.FromLonLat(p), (orb.Point{116.41024449916938, 39.91640428150164}); far(got, want, 1e-9) {
		t.Errorf("gcj02: %v, want %v", got, want)
	}
	if got, want := gcjToBaidu(p), (orb.Point{116.41036949371029, 39.92133699351021}); far(got, want, 1e-9) {
		t.Errorf("bd09: %v, want %v", got, want)
	}
	if london := (orb.Point{-0.12, 51.5}); GCJ02.FromLonLat(london) != london {
		t.Error("gcj02 shifts London")
	}
}

func TestEverySystemGoesThereAndBack(t *testing.T) {
	systems := []CRS{WGS84, CGCS2000, Mercator, GCJ02, BD09}
	for code := 4513; code <= 4554; code++ {
		c, err := FromEPSG(code)
		if err != nil {
			t.Fatal(err)
		}
		systems = append(systems, c)
	}
	for _, c := range systems {
		meridian := c.meridian
		if c.kind != gaussKrueger {
			meridian = 112
		}
		for dx := -3.0; dx <= 3; dx += 0.37 {
			for lat := 4.0; lat <= 54; lat += 3.3 {
				p := orb.Point{meridian + dx, lat}
				if got := c.ToLonLat(c.FromLonLat(p)); far(got, p, 1e-10) {
					t.Fatalf("%v: %v came back as %v", c, p, got)
				}
			}
		}
		if again, err := Parse(c.String()); err != nil || again != c {
			t.Errorf("%v is read as %v, %v", c, again, err)
		}
	}
}

func TestNamesOfSystems(t *testing.T) {
	for s, want := range map[string]string{
		"EPSG:4549": "EPSG:4549", " epsg:4490 ": "EPSG:4490", "4326": "EPSG:4326", "GCJ-02": "gcj02", "BD09LL": "bd09", "cgcs2000": "EPSG:4490",
		"urn:ogc:def:crs:EPSG::4528": "EPSG:4528", "urn:ogc:def:crs:OGC:1.3:CRS84": "EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/4513": "EPSG:4513",
	} {
		if got, err := Parse(s); err != nil || got.String() != want {
			t.Errorf("%q: %v, %v; want %s", s, got, err, want)
		}
	}
	for _, s := range []string{"", "EPSG:", "EPSG:2437", "EPSG:4512", "EPSG:4555", "ESRI:4549", "mars"} {
		if got, err := Parse(s); !errors.Is(err, ErrUnknown) {
			t.Errorf("%q: %v, %v", s, got, err)
		}
	}
}

func TestProjectionFiles(t *testing.T) {
	const (
		geogcs = `GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
		gk     = `PROJCS["CGCS2000_3_Degree_GK_CM_120E",` + geogcs + `,PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",%E],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",%M],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`
	)
	with := func(e, m string) string {
		return strings.NewReplacer("%E", e, "%M", m).Replace(gk)
	}
	for wkt, want := range map[string]string{
		geogcs:                                      "EPSG:4490",
		with("500000.0", "120.0"):                   "EPSG:4549",
		with("40500000.0", "120.0"):                 "EPSG:4528",
		with("500000.0", "117.5"):                   "",
		with("20500000.0", "117.0"):                 "",
		`GEOGCS["WGS 84",AUTHORITY["EPSG","4326"]]`: "EPSG:4326",
		`GEOGCS["GCS_Beijing_1954",DATUM["D_Beijing_1954"],UNIT["Degree",0.0174532925199433]]`: "",
		"": "",
	} {
		got, err := FromWKT(wkt)
		if got.String() != want || (want == "") != errors.Is(err, ErrUnknown) {
			t.Errorf("%.60s…: %v, %v; want %q", wkt, got, err, want)
		}
	}
}

func TestSwappedAndForeignPointsAreNotAccepted(t *testing.T) {
	zone40, _ := Parse("EPSG:4528")
	plain, _ := Parse("EPSG:4549")
	for _, c := range []struct {
		crs CRS
		p   orb.Point
	}{{WGS84, orb.Point{30.2, 120.5}}, {plain, orb.Point{3348065, 572183}}, {zone40, orb.Point{572183, 3348065}}, {plain, orb.Point{40572183, 3348065}}, {plain, orb.Point{120.1, 30.2}}} {
		if c.crs.Accepts(c.p) {
			t.Errorf("%v accepts %v", c.crs, c.p)
		}
	}
}

func far(a, b orb.Point, tolerance float64) bool {
	d := math.Hypot(a[0]-b[0], a[1]-b[1])
	return !(d <= tolerance)
}
