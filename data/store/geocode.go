package store

import (
	"context"
	"log/slog"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/address"
	"github.com/lifecircle/lifecircle/planner/geocode"
)

// Geocoding answers addresses from one database: names in memory, houses by index.
type Geocoding struct {
	pool    *pgxpool.Pool
	first   sync.Mutex // held while the first names are read
	mu      sync.Mutex
	loaded  *geocode.Geocoder
	version int64
	busy    bool
}

// Geocoding makes a geocoder; nothing is read before the first question.
func (s *Store) Geocoding() *Geocoding { return &Geocoding{pool: s.pool} }

// Geocode answers texts in order, inside a division ("" is everywhere).
func (g *Geocoding) Geocode(ctx context.Context, texts []string, within planner.Code) ([]geocode.Answer, error) {
	c, err := g.current(ctx)
	if err != nil {
		return nil, err
	}
	answers, err := c.Geocode(ctx, texts, within)
	return answers, unavailable(err)
}

// Suggest completes what somebody types.
func (g *Geocoding) Suggest(ctx context.Context, typed string, within planner.Code, limit int) ([]geocode.Place, error) {
	c, err := g.current(ctx)
	if err != nil {
		return nil, err
	}
	places, err := c.Suggest(ctx, typed, within, limit, g)
	return places, unavailable(err)
}

// current gives the geocoder of the latest data version. The first caller waits for
// it; when a newer version appears, callers get the one before until the names of
// the new one are read.
func (g *Geocoding) current(ctx context.Context) (*geocode.Geocoder, error) {
	var version int64
	if err := g.pool.QueryRow(ctx, data.SQL("geocode_version")).Scan(&version); err != nil {
		return nil, unavailable(err)
	}
	if c := g.have(version, true); c != nil {
		return c, nil
	}
	g.first.Lock()
	defer g.first.Unlock()
	if c := g.have(version, false); c != nil {
		return c, nil
	}
	return g.load(ctx, version)
}

// fresh gives the geocoder of the latest data version, reading it first when it has to, and the version.
func (g *Geocoding) fresh(ctx context.Context) (c *geocode.Geocoder, version int64, err error) {
	if err := g.pool.QueryRow(ctx, data.SQL("geocode_version")).Scan(&version); err != nil {
		return nil, 0, unavailable(err)
	}
	g.first.Lock()
	defer g.first.Unlock()
	g.mu.Lock()
	c, have := g.loaded, g.version
	g.mu.Unlock()
	if c == nil || have < version {
		c, err = g.load(ctx, version)
	}
	return c, version, err
}

// have gives what is loaded, if anything, and has a newer version read behind it.
func (g *Geocoding) have(version int64, renew bool) *geocode.Geocoder {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.loaded != nil && g.version < version && renew && !g.busy {
		g.busy = true
		go func() {
			if _, err := g.load(context.Background(), version); err != nil {
				slog.Warn("the geocoder stays at an older data version", "version", g.version, "error", err)
			}
			g.mu.Lock()
			g.busy = false
			g.mu.Unlock()
		}()
	}
	return g.loaded
}

// load brings the index of houses up to a version and reads the names.
func (g *Geocoding) load(ctx context.Context, version int64) (*geocode.Geocoder, error) {
	if err := g.index(ctx, version); err != nil {
		return nil, unavailable(err)
	}
	names, err := g.names(ctx, "geocode_names", version)
	if err != nil {
		return nil, unavailable(err)
	}
	if len(names) == 0 {
		return nil, planner.Errorf(planner.Conflict, "库中没有行政区划、地名和地址,请先导入", "the database has no units, places or addresses yet: import them first")
	}
	c := &geocode.Geocoder{Names: geocode.Build(names), Houses: g}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.loaded, g.version = c, version
	return c, nil
}

// names reads the gazetteer's names.
func (g *Geocoding) names(ctx context.Context, statement string, version int64) ([]geocode.Name, error) {
	rows, err := g.pool.Query(ctx, data.SQL(statement), pgx.StrictNamedArgs{"version": version})
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (n geocode.Name, err error) {
		var level, code string
		var lon, lat *float64
		if err := row.Scan(&n.ID, &level, &code, &n.Name, &n.Aliases, &n.Formers, &lon, &lat); err != nil {
			return n, err
		}
		n.Level, n.Code = address.Level(level), planner.Code(code)
		if lon != nil && lat != nil {
			n.Point = &orb.Point{*lon, *lat}
		}
		return n, nil
	})
}

// Houses gives for each key the houses that bear it, in order of their ids.
func (g *Geocoding) Houses(ctx context.Context, keys []geocode.Key) ([][]geocode.House, error) {
	names, numbers := make([]int64, len(keys)), make([]string, len(keys))
	for i, k := range keys {
		names[i], numbers[i] = k.Name, k.Number
	}
	out := make([][]geocode.House, len(keys))
	rows, err := g.pool.Query(ctx, data.SQL("geocode_houses"), pgx.StrictNamedArgs{"names": names, "numbers": numbers})
	if err != nil {
		return nil, err
	}
	err = eachHouse(rows, func(n int64, h geocode.House) { out[n-1] = append(out[n-1], h) })
	return out, err
}

// Numbers gives the houses of a name whose number begins with prefix, short numbers first.
func (g *Geocoding) Numbers(ctx context.Context, name int64, prefix string, limit int) (all []geocode.House, err error) {
	rows, err := g.pool.Query(ctx, data.SQL("geocode_numbers"), pgx.StrictNamedArgs{"name": name, "prefix": prefix, "most": limit})
	if err != nil {
		return nil, err
	}
	err = eachHouse(rows, func(_ int64, h geocode.House) { all = append(all, h) })
	return all, err
}

// eachHouse reads the rows of a statement that gives a number, a house, and what more is scanned.
func eachHouse(rows pgx.Rows, each func(n int64, h geocode.House), more ...any) error {
	defer rows.Close()
	for rows.Next() {
		var n int64
		var h geocode.House
		var lon, lat *float64
		if err := rows.Scan(append([]any{&n, &h.ID, &h.Text, (*string)(&h.Unit), &h.Street, &h.Hamlet, &h.Plate, &h.Compound, &h.Building, &lon, &lat}, more...)...); err != nil {
			return err
		}
		if lon != nil && lat != nil {
			h.Point = &orb.Point{*lon, *lat}
		}
		each(n, h)
	}
	return rows.Err()
}

// Reverse tells for each point (lon, lat) the nearest standard address within some
// metres, and the units whose boundary holds it.
func (g *Geocoding) Reverse(ctx context.Context, points []orb.Point, within float64) ([]geocode.Here, error) {
	out := make([]geocode.Here, len(points))
	lons, lats := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		out[i] = geocode.Here{Point: p, Divisions: []geocode.Division{}}
		lons[i], lats[i] = p[0], p[1]
	}
	rows, err := g.pool.Query(ctx, data.SQL("geocode_nearest"), pgx.StrictNamedArgs{"lons": lons, "lats": lats, "within": within})
	if err != nil {
		return nil, unavailable(err)
	}
	var metres float64
	err = eachHouse(rows, func(n int64, h geocode.House) {
		p := h.Place(max(0, 1-metres/within))
		out[n-1].Nearest, out[n-1].Metres = &p, metres
	}, &metres)
	if err != nil {
		return nil, unavailable(err)
	}
	rows, err = g.pool.Query(ctx, data.SQL("geocode_divisions"), pgx.StrictNamedArgs{"lons": lons, "lats": lats})
	if err != nil {
		return nil, unavailable(err)
	}
	var n int64
	var d geocode.Division
	_, err = pgx.ForEachRow(rows, []any{&n, (*string)(&d.Code), &d.Level, &d.Name}, func() error {
		out[n-1].Divisions = append(out[n-1].Divisions, d)
		return nil
	})
	return out, unavailable(err)
}
