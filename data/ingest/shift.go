package ingest

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/project"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
)

// checkShift compares boundaries with those that are known for the same codes. A
// county is so much larger than the half kilometre between the systems that its
// middle tells nothing; its outline does: another system that leaves less than half
// of the area in dispute refuses the file, with the shift.
func (im *importer) checkShift(ctx context.Context) error {
	rows, err := im.conn.Query(ctx, im.fill(sampleOutlines))
	if err != nil {
		return err
	}
	var codes []string
	var areas []orb.Geometry
	var code string
	var blob []byte
	if _, err := pgx.ForEachRow(rows, []any{&code, &blob}, func() error {
		g, err := wkb.Unmarshal(blob)
		codes, areas = append(codes, code), append(areas, g)
		return err
	}); err != nil || len(codes) == 0 || !im.crs.IsLonLat() {
		return err
	}
	dispute, metres, err := im.dispute(ctx, codes, areas, im.crs)
	if err != nil || dispute < 0.005 { // as the same outline is, drawn again at another scale
		return err
	}
	for _, other := range []crs.CRS{crs.WGS84, crs.GCJ02, crs.BD09} {
		if other == im.crs {
			continue
		}
		less, _, err := im.dispute(ctx, codes, areas, other)
		if err != nil {
			return err
		}
		if less*2 < dispute {
			return planner.Errorf(planner.Invalid, "边界与已有行政区划相差约%.0[1]f米:按 %[2]v 有 %.1[3]f%% 的面积不重合,按 %[4]v 只有 %.1[5]f%%;如属实请用 --crs %[4]v",
				"the boundaries lie about %.0[1]f m off those that are known: as %[2]v %.1[3]f%% of the area does not agree, as %[4]v only %.1[5]f%%; if so, use --crs %[4]v",
				metres, im.crs, 100*dispute, other, 100*less)
		}
	}
	return nil
}

// dispute is the share of the areas' union that only one of each pair covers, when
// the file is read as system c, and the mean distance between their centroids.
func (im *importer) dispute(ctx context.Context, codes []string, areas []orb.Geometry, c crs.CRS) (share, metres float64, err error) {
	blobs := make([][]byte, len(areas))
	for i, a := range areas {
		if c != im.crs {
			a = project.Geometry(orb.Clone(a), func(p orb.Point) orb.Point { return c.ToLonLat(im.crs.FromLonLat(p)) })
		}
		blobs[i] = wkb.MustMarshal(a)
	}
	err = im.conn.QueryRow(ctx, disputed, codes, blobs).Scan(&share, &metres)
	return share, metres, err
}
