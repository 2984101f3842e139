package ingest

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
)

// Row is one row of a file before anything is understood. Geometry has the
// coordinates of the file and is nil for tables.
type Row struct {
	Number   int      // as people see it: the line of a CSV, the row of a sheet, the feature from 1
	Values   []string // parallel to the reader's Header, or shorter; good until the next row is read
	Geometry orb.Geometry
}

// Fields gives the values by heading.
func (r Row) Fields(header []string) map[string]string {
	fields := make(map[string]string, len(r.Values))
	for i, v := range r.Values {
		fields[header[i]] = v
	}
	return fields
}

// Reader streams the rows of one file.
type Reader interface {
	// Next gives the next row, io.EOF after the last. A *RowError concerns one
	// row only and reading goes on; any other error ends the file.
	Next() (Row, error)
	// Header gives the columns in the order of the file; for GeoJSON those seen so far.
	Header() []string
	// CRS gives the coordinate system that the file states; the zero CRS if it states
	// none, and an error if it states one that is unknown.
	CRS() (crs.CRS, error)
	Close() error
}

// RowError says why one row cannot be used.
type RowError struct {
	Number int
	Values []string // what could be read of it; may be nil
	Text   planner.Text
}

func (e *RowError) Error() string { return e.Text.EN }

// Open opens a file by its extension: .csv .txt .tsv, .xlsx .xlsm, .geojson .json,
// .shp, .gpkg. encoding is that of CSV and Shapefile ("" sniffs); a layer of a
// GeoPackage or a sheet of a workbook follows the path after "#". known finds the
// heading of a table below its title, and the sheet that has one; without it the
// first row of the first sheet is the heading.
func Open(ctx context.Context, path, encoding string, known recognise) (Reader, error) {
	layer := ""
	if i := strings.LastIndexByte(path, '#'); i > 0 {
		path, layer = path[:i], path[i+1:]
	}
	var r Reader
	var err error
	switch ext := strings.ToLower(filepath.Ext(path)); ext {
	case ".csv", ".txt", ".tsv":
		r, err = openCSV(path, encoding, known)
	case ".xlsx", ".xlsm":
		r, err = openXLSX(path, layer, known)
	case ".geojson", ".json":
		r, err = openGeoJSON(path)
	case ".shp":
		r, err = openShapefile(path, encoding)
	case ".gpkg":
		r, err = openGeoPackage(ctx, path, layer)
	case ".xls", ".et":
		return nil, planner.Errorf(planner.Invalid, "「%[1]s」是旧版工作簿(%[2]s);请另存为 .xlsx", "%[1]s is an old kind of workbook (%[2]s): save it as .xlsx", filepath.Base(path), ext)
	default:
		return nil, planner.Errorf(planner.Invalid, "无法识别文件「%s」的格式;可用 CSV、XLSX、GeoJSON、SHP、GPKG",
			"%s: unknown file format; use CSV, XLSX, GeoJSON, SHP or GPKG", path)
	}
	if err != nil {
		return nil, fileError(path, err)
	}
	return r, nil
}

// fileError makes err one that people read, with the file's name.
func fileError(path string, err error) error {
	if planner.KindOf(err) != planner.Internal {
		return err
	}
	return planner.Wrap(err, planner.Invalid, "文件「%s」读不了:%v", "%s cannot be read: %v", filepath.Base(path), err)
}
