package ingest

import (
	"context"
	"errors"
	"fmt"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/geo/geopackage"
	"github.com/lifecircle/lifecircle/geo/shapefile"
	"github.com/lifecircle/lifecircle/planner"
)

// shapefileReader and geoPackageReader give the formats of geo as rows.
type shapefileReader struct{ *shapefile.Reader }

func openShapefile(path, encoding string) (Reader, error) {
	r, err := shapefile.Open(path, encoding)
	if err != nil {
		return nil, err
	}
	return shapefileReader{r}, nil
}

func (r shapefileReader) Header() []string { return r.Fields }

func (r shapefileReader) CRS() (crs.CRS, error) {
	if r.Projection == "" {
		return crs.CRS{}, nil
	}
	return crs.FromWKT(r.Projection)
}

func (r shapefileReader) Next() (Row, error) {
	rec, err := r.Reader.Next()
	if err != nil {
		return Row{}, err
	}
	return Row{rec.Number, rec.Values, rec.Geometry}, nil
}

type geoPackageReader struct{ *geopackage.Reader }

func openGeoPackage(ctx context.Context, path, layer string) (Reader, error) {
	r, err := geopackage.Open(ctx, path, layer)
	if err != nil {
		return nil, err
	}
	return geoPackageReader{r}, nil
}

func (r geoPackageReader) Header() []string { return r.Fields }

func (r geoPackageReader) CRS() (crs.CRS, error) {
	switch {
	case r.EPSG != 0:
		return crs.FromEPSG(r.EPSG)
	case r.Definition == "" || r.Definition == "undefined":
		return crs.CRS{}, nil
	}
	return crs.FromWKT(r.Definition)
}

func (r geoPackageReader) Next() (Row, error) {
	rec, err := r.Reader.Next()
	if errors.Is(err, geopackage.ErrGeometry) {
		return Row{}, &RowError{Number: rec.Number, Values: rec.Values, Text: planner.Text{ZH: fmt.Sprintf("图形读不了:%v", err), EN: fmt.Sprintf("its geometry cannot be read: %v", err)}}
	}
	if err != nil {
		return Row{}, err
	}
	return Row{rec.Number, rec.Values, rec.Geometry}, nil
}
