package crs

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

var (
	wktAuthority = regexp.MustCompile(`(?i)(?:AUTHORITY|ID)\s*\[\s*"EPSG"\s*,\s*"?(\d+)"?\s*\]\s*\]?\s*$`)
	wktParameter = regexp.MustCompile(`(?i)PARAMETER\s*\[\s*"([^"]+)"\s*,\s*([-+0-9.eE]+)`)
	wktUnit      = regexp.MustCompile(`(?i)UNIT\s*\[\s*"([^"]+)"`)
)

// FromWKT recognises the text of a .prj file or of a GeoPackage srs: by its EPSG
// authority, otherwise by datum, projection and parameters as ESRI writes them.
// Beijing 1954, Xi'an 1980 and 6-degree zones are ErrUnknown: they need a datum
// shift that only the surveyor has.
func FromWKT(wkt string) (CRS, error) {
	text := strings.TrimSpace(wkt)
	if m := wktAuthority.FindStringSubmatch(text); m != nil {
		if code, err := strconv.Atoi(m[1]); err == nil {
			return FromEPSG(code)
		}
	}
	name := strings.ToLower(strings.NewReplacer(" ", "_", "-", "_").Replace(text))
	chinese := strings.Contains(name, "china_geodetic_coordinate_system_2000") || strings.Contains(name, "china_2000") || strings.Contains(name, "cgcs2000")
	world := strings.Contains(name, "wgs_1984") || strings.Contains(name, "wgs_84") || strings.Contains(name, "wgs84")
	projected := strings.HasPrefix(name, "proj")
	switch {
	case !projected && chinese:
		return CGCS2000, nil
	case !projected && world:
		return WGS84, nil
	case projected && world && (strings.Contains(name, "mercator_auxiliary_sphere") || strings.Contains(name, "pseudo_mercator")):
		return Mercator, nil
	case projected && chinese && (strings.Contains(name, "gauss_kruger") || strings.Contains(name, "transverse_mercator")):
		return gaussKruegerFromWKT(text)
	}
	if len(text) > 80 {
		text = strings.ToValidUTF8(text[:80], "") + "…"
	}
	return CRS{}, fmt.Errorf("%w: %s", ErrUnknown, text)
}

func gaussKruegerFromWKT(text string) (CRS, error) {
	param := map[string]float64{"scale_factor": 1}
	for _, m := range wktParameter.FindAllStringSubmatch(text, -1) {
		v, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			return CRS{}, fmt.Errorf("%w: parameter %s is no number", ErrUnknown, m[1])
		}
		param[strings.ToLower(strings.ReplaceAll(m[1], " ", "_"))] = v
	}
	meridian, easting := param["central_meridian"], param["false_easting"]
	units := wktUnit.FindAllStringSubmatch(text, -1)
	metres := len(units) > 0 && strings.HasPrefix(strings.ToLower(units[len(units)-1][1]), "met")
	zone := int(math.Round(meridian / 3))
	plain := param["scale_factor"] == 1 && param["false_northing"] == 0 && param["latitude_of_origin"] == 0 && metres
	if plain && float64(3*zone) == meridian && zone >= 25 && zone <= 45 {
		switch easting {
		case 5e5:
			return FromEPSG(4534 + zone - 25)
		case float64(zone)*1e6 + 5e5:
			return FromEPSG(4513 + zone - 25)
		}
	}
	return CRS{}, fmt.Errorf("%w: Gauss-Krüger with central meridian %g, false easting %g", ErrUnknown, meridian, easting)
}
