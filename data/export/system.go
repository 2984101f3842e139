package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/lifecircle/lifecircle/geo/pmtiles"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/layer"
)

// system is a reference system as files name it. Coordinates in files are x first.
type system struct {
	code              int
	name, wkt         string
	meridian, easting float64 // of a zone
}

const (
	cgcs  = `GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]]`
	wgs   = `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]`
	merca = `PROJCS["WGS 84 / Pseudo-Mercator",` + wgs + `,PROJECTION["Mercator_1SP"],PARAMETER["central_meridian",0],PARAMETER["scale_factor",1],PARAMETER["false_easting",0],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],EXTENSION["PROJ4","+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext +no_defs"],AUTHORITY["EPSG","3857"]]`
)

// systemOf describes one of the systems of layer.CRSs by its code; 0 is WGS 84 with longitude first.
func systemOf(code int) system {
	switch {
	case code == 0 || code == 4326:
		return system{code: 4326, name: "WGS 84", wkt: wgs}
	case code == 4490:
		return system{code: code, name: "China Geodetic Coordinate System 2000", wkt: cgcs}
	case code == 3857:
		return system{code: code, name: "WGS 84 / Pseudo-Mercator", wkt: merca}
	}
	s := system{code: code, easting: 5e5}
	if code <= 4533 {
		zone := code - 4513 + 25
		s.name, s.meridian, s.easting = fmt.Sprintf("CGCS2000 / 3-degree Gauss-Kruger zone %d", zone), float64(3*zone), float64(zone)*1e6+5e5
	} else {
		s.meridian = float64(75 + 3*(code-4534))
		s.name = fmt.Sprintf("CGCS2000 / 3-degree Gauss-Kruger CM %gE", s.meridian)
	}
	s.wkt = fmt.Sprintf(`PROJCS["%s",%s,PROJECTION["Transverse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",%g],PARAMETER["scale_factor",1],PARAMETER["false_easting",%g],PARAMETER["false_northing",0],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AUTHORITY["EPSG","%d"]]`,
		s.name, cgcs, s.meridian, s.easting, code)
	return s
}

// projJSON is the system as GeoParquet has it; nil is longitude and latitude on WGS 84, its default.
func projJSON(code int) (any, error) {
	if code == 0 {
		return nil, nil
	}
	s := systemOf(code)
	datum, ellipsoid, flattening, geographic := "China 2000", "CGCS2000", 298.257222101, 4490
	if code == 4326 || code == 3857 {
		datum, ellipsoid, flattening, geographic = "World Geodetic System 1984", "WGS 84", 298.257223563, 4326
	}
	degrees := fmt.Sprintf(`{"$schema":"https://proj.org/schemas/v0.7/projjson.schema.json","type":"GeographicCRS","name":%q,"datum":{"type":"GeodeticReferenceFrame","name":%q,"ellipsoid":{"name":%q,"semi_major_axis":6378137,"inverse_flattening":%v}},"coordinate_system":{"subtype":"ellipsoidal","axis":[{"name":"Geodetic latitude","abbreviation":"Lat","direction":"north","unit":"degree"},{"name":"Geodetic longitude","abbreviation":"Lon","direction":"east","unit":"degree"}]},"id":{"authority":"EPSG","code":%d}}`,
		systemOf(geographic).name, datum, ellipsoid, flattening, geographic)
	text := degrees
	plain := strings.Replace(degrees, `"$schema":"https://proj.org/schemas/v0.7/projjson.schema.json",`, "", 1)
	parameter := func(name string, value float64, unit string, id int) string {
		return fmt.Sprintf(`{"name":%q,"value":%v,"unit":%q,"id":{"authority":"EPSG","code":%d}}`, name, value, unit, id)
	}
	projected := func(method string, id int, axes string, parameters ...string) string {
		return fmt.Sprintf(`{"$schema":"https://proj.org/schemas/v0.7/projjson.schema.json","type":"ProjectedCRS","name":%q,"base_crs":%s,"conversion":{"name":%q,"method":{"name":%q,"id":{"authority":"EPSG","code":%d}},"parameters":[%s]},"coordinate_system":{"subtype":"Cartesian","axis":[%s]},"id":{"authority":"EPSG","code":%d}}`,
			s.name, plain, s.name, method, id, strings.Join(parameters, ","), axes, code)
	}
	origin := parameter("Latitude of natural origin", 0, "degree", 8801)
	switch {
	case code == 3857:
		text = projected("Popular Visualisation Pseudo Mercator", 1024, `{"name":"Easting","abbreviation":"X","direction":"east","unit":"metre"},{"name":"Northing","abbreviation":"Y","direction":"north","unit":"metre"}`,
			origin, parameter("Longitude of natural origin", 0, "degree", 8802), parameter("False easting", 0, "metre", 8806), parameter("False northing", 0, "metre", 8807))
	case s.easting != 0:
		text = projected("Transverse Mercator", 9807, `{"name":"Northing","abbreviation":"X","direction":"north","unit":"metre"},{"name":"Easting","abbreviation":"Y","direction":"east","unit":"metre"}`,
			origin, parameter("Longitude of natural origin", s.meridian, "degree", 8802), parameter("Scale factor at natural origin", 1, "unity", 8805), parameter("False easting", s.easting, "metre", 8806), parameter("False northing", 0, "metre", 8807))
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return nil, planner.Wrap(err, planner.Internal, "坐标系描述有误", "the description of the reference system is malformed")
	}
	return v, nil
}

// shapeTypes are the geometry types of a GeoParquet column; none is any.
func shapeTypes(of string) []string {
	if of == "Geometry" || of == "" {
		return []string{}
	}
	return []string{of}
}

// inCurve sorts tiles of a level in the order of an archive.
func inCurve(level []layer.Tile) []layer.Tile {
	id := func(t layer.Tile) uint64 { return pmtiles.ID(uint8(t.Z), uint32(t.Col), uint32(t.Row)) }
	slices.SortFunc(level, func(a, b layer.Tile) int {
		if id(a) < id(b) {
			return -1
		}
		return 1
	})
	return level
}
