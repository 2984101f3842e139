package dem

import (
	"fmt"
	"math"
	"strings"

	"github.com/lifecircle/lifecircle/geo/crs"
)

// GeoKeys (OGC 19-008r4, Annex B) that decide where cells lie.
const (
	keyModel        = 1024
	keyRaster       = 1025
	keyCitation     = 1026
	keyGeographic   = 2048
	keyAngularUnit  = 2054
	keyProjected    = 3072
	keyProjCitation = 3073
	keyLinearUnit   = 3076
	keyVerticalUnit = 4099

	modelProjected  = 1
	modelGeographic = 2
	rasterPoint     = 2
	userDefined     = 32767
	unitMetre       = 9001
	unitDegree      = 9102
)

// nearWGS84 are geographic systems that lie within 2 m of WGS 84, a small part of
// any cell: NAD83, in which the elevation of the United States is published.
var nearWGS84 = map[int]bool{4269: true}

// metresPer gives the metre value of EPSG vertical units: metre, foot, US survey foot.
var metresPer = map[int]float64{unitMetre: 1, 9002: 0.3048, 9003: 1200.0 / 3937}

// geoKeys are the short keys, and the text keys that name a system.
type geoKeys struct {
	number map[int]int
	text   map[int]string
}

// geoKeys reads the key directory: four numbers a key after four of a header.
func (d *directory) geoKeys() (geoKeys, error) {
	k := geoKeys{number: map[int]int{}, text: map[int]string{}}
	v, err := d.integers(tagGeoKeys)
	if err != nil {
		return k, err
	}
	text, err := d.text(tagGeoText)
	if err != nil {
		return k, err
	}
	for i := 4; i+3 < len(v); i += 4 {
		id, at, n, value := int(v[i]), v[i+1], int(v[i+2]), int(v[i+3])
		switch {
		case at == 0:
			k.number[id] = value
		case at == tagGeoText && value+n <= len(text):
			k.text[id] = strings.TrimRight(text[value:value+n], "|\x00")
		}
	}
	return k, nil
}

// system finds the coordinate system of the file.
func (d *directory) system(k geoKeys) (crs.CRS, error) {
	assign := fmt.Sprintf("say what it is: gdal_translate -a_srs EPSG:4326 '%s' OUT.tif", d.path)
	if len(k.number) == 0 {
		return crs.CRS{}, d.problem(ErrUnsupported, tagGeoKeys, "no coordinate system in the file; %s", assign)
	}
	code, unit, unitKey := 0, unitDegree, keyAngularUnit
	switch k.number[keyModel] {
	case modelGeographic:
		code = k.number[keyGeographic]
	case modelProjected:
		code, unit, unitKey = k.number[keyProjected], unitMetre, keyLinearUnit
	default:
		return crs.CRS{}, d.problem(ErrUnsupported, tagGeoKeys, "model type %d, neither projected nor geographic; %s", k.number[keyModel], assign)
	}
	if u, ok := k.number[unitKey]; ok && u != unit {
		return crs.CRS{}, d.problem(ErrUnsupported, tagGeoKeys, "its unit is EPSG:%d, not EPSG:%d; %s", u, unit, warp(d.path))
	}
	if nearWGS84[code] && unitKey == keyAngularUnit {
		return crs.WGS84, nil
	}
	if code != 0 && code != userDefined {
		c, err := crs.FromEPSG(code)
		if err != nil || c.IsLonLat() != (unitKey == keyAngularUnit) {
			return crs.CRS{}, d.problem(ErrUnsupported, tagGeoKeys, "coordinate system EPSG:%d (%s); %s", code, k.text[keyCitation], warp(d.path))
		}
		return c, nil
	}
	// ArcGIS writes the system as text behind a marker.
	for _, key := range []int{keyProjCitation, keyCitation} {
		if _, wkt, ok := strings.Cut(k.text[key], "ESRI PE String = "); ok {
			if c, err := crs.FromWKT(wkt); err == nil {
				return c, nil
			}
		}
	}
	return crs.CRS{}, d.problem(ErrUnsupported, tagGeoKeys, "a coordinate system without EPSG code (%s); if you know its code, %s", k.text[keyCitation], assign)
}

func warp(path string) string {
	return fmt.Sprintf("take it to degrees: gdalwarp -t_srs EPSG:4326 -r bilinear '%s' OUT.tif", path)
}

// affine finds the transformation of cell centres to coordinates. The file counts
// from the outer corner of the first cell (pixel is area) or from its centre (point).
func (d *directory) affine(k geoKeys) (affine, error) {
	var a affine
	matrix, err := d.floats(tagTransformation)
	if err != nil {
		return a, err
	}
	scale, err := d.floats(tagPixelScale)
	if err != nil {
		return a, err
	}
	tie, err := d.floats(tagTiepoint)
	if err != nil {
		return a, err
	}
	switch {
	case len(scale) >= 2 && len(tie) >= 6:
		// A negative second scale is taken for a positive, as GDAL does: rows go south.
		sx, sy := scale[0], math.Abs(scale[1])
		a = affine{tie[3] - tie[0]*sx, sx, 0, tie[4] + tie[1]*sy, 0, -sy}
	case len(matrix) >= 8:
		a = affine{matrix[3], matrix[0], matrix[1], matrix[7], matrix[4], matrix[5]}
	case len(tie) > 6:
		return a, d.problem(ErrUnsupported, tagTiepoint, "%d control points; %s", len(tie)/6, warp(d.path))
	default:
		return a, d.problem(ErrUnsupported, tagPixelScale, "no cell size in the file; if a .tfw lies beside it: gdal_translate -a_srs EPSG:4326 '%s' OUT.tif", d.path)
	}
	if k.number[keyRaster] != rasterPoint {
		a[0] += (a[1] + a[2]) / 2
		a[3] += (a[4] + a[5]) / 2
	}
	return a, nil
}
