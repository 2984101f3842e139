package store

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/geocode"
)

// linkLock is the advisory lock of the one process that links facilities.
const linkLock = 0x1fac11

type linkRow struct {
	source, key, address string
	unit                 planner.Code
	lon, lat             *float64
}

// Link asks for the addresses of all facilities that were not asked yet, or whose answer
// may have changed, and shows what is certain in the ledger as a new data version. What
// people have decided stays. Conflict without units, places and addresses.
func (g *Geocoding) Link(ctx context.Context) (geocode.LinkCounts, error) {
	var counts geocode.LinkCounts
	c, version, err := g.fresh(ctx)
	if err != nil {
		return counts, err
	}
	err = pgx.BeginFunc(ctx, g.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, linkLock); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, data.SQL("link_drop")); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, data.SQL("link_asked"), pgx.StrictNamedArgs{"version": version})
		if err != nil {
			return err
		}
		asked, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r linkRow, err error) {
			return r, row.Scan(&r.source, &r.key, &r.address, (*string)(&r.unit), &r.lon, &r.lat)
		})
		if err != nil {
			return err
		}
		counts.Asked = len(asked)
		if err := putLinks(ctx, tx, c, asked, version); err != nil {
			return err
		}
		if counts.Version, err = applyLinks(ctx, tx); err != nil {
			return err
		}
		return tx.QueryRow(ctx, data.SQL("link_counts")).Scan(&counts.Linked, &counts.Doubtful, &counts.Unknown, &counts.Rejected)
	})
	return counts, unavailable(err)
}

// putLinks asks for the addresses county by county, each bounded by the one that its facility states.
func putLinks(ctx context.Context, tx pgx.Tx, c *geocode.Geocoder, asked []linkRow, version int64) error {
	slices.SortStableFunc(asked, func(a, b linkRow) int { return cmp.Compare(countyOf(a.unit), countyOf(b.unit)) })
	for len(asked) > 0 {
		county := countyOf(asked[0].unit)
		n := slices.IndexFunc(asked, func(r linkRow) bool { return countyOf(r.unit) != county })
		if n < 0 {
			n = len(asked)
		}
		texts := make([]string, n)
		for i, r := range asked[:n] {
			texts[i] = r.address
		}
		answers, err := c.Geocode(ctx, texts, county)
		if planner.KindOf(err) == planner.NotFound { // a unit that the tree does not have bounds nothing
			answers, err = c.Geocode(ctx, texts, "")
		}
		if err != nil {
			return err
		}
		batch := &pgx.Batch{}
		for i, r := range asked[:n] {
			var at *orb.Point
			if r.lon != nil && r.lat != nil {
				at = &orb.Point{*r.lon, *r.lat}
			}
			l := geocode.LinkOf(answers[i], r.unit, at)
			args, err := linkArgs(l)
			if err != nil {
				return err
			}
			args["source"], args["key"], args["asked"], args["version"], args["metres"], args["state"] = r.source, r.key, r.address, version, l.Metres, string(l.State)
			batch.Queue(data.SQL("link_put"), args)
		}
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		asked = asked[n:]
	}
	return nil
}

func countyOf(c planner.Code) planner.Code {
	if c.Level() < planner.County {
		return c
	}
	return c.Ancestor(planner.County)
}

func linkArgs(l geocode.Link) (pgx.StrictNamedArgs, error) {
	args := pgx.StrictNamedArgs{"place": nil}
	for name, value := range map[string]any{"place": l.Place, "candidates": l.Candidates, "reasons": l.Reasons} {
		if name == "place" && l.Place == nil {
			continue
		}
		b, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		args[name] = b
	}
	return args, nil
}

// applyLinks shows in the ledger what the links say, one data version a deliverer; 0 when they agree.
func applyLinks(ctx context.Context, tx pgx.Tx) (version int64, err error) {
	rows, err := tx.Query(ctx, data.SQL("link_due"))
	if err != nil {
		return 0, err
	}
	sources, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, err
	}
	for _, source := range sources {
		if err := tx.QueryRow(ctx, data.SQL("link_version"), pgx.StrictNamedArgs{"source": source}).Scan(&version); err != nil {
			return 0, err
		}
		tag, err := tx.Exec(ctx, data.SQL("link_apply"), pgx.StrictNamedArgs{"source": source, "version": version})
		if err != nil {
			return 0, err
		}
		if _, err := tx.Exec(ctx, data.SQL("link_changed"), pgx.StrictNamedArgs{"version": version, "rows": tag.RowsAffected()}); err != nil {
			return 0, err
		}
	}
	return version, nil
}

// Links lists facilities by the state of their link, in order of their ids, those behind after.
func (g *Geocoding) Links(ctx context.Context, states []geocode.LinkState, after string, limit int, v planner.Viewer) ([]geocode.FacilityLink, error) {
	rows, err := g.pool.Query(ctx, data.SQL("link_list"), pgx.StrictNamedArgs{"states": states, "after": after, "most": limit, "scope": v.Pattern()})
	if err != nil {
		return nil, unavailable(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (f geocode.FacilityLink, err error) {
		var lon, lat *float64
		var place, candidates, reasons []byte
		err = row.Scan(&f.Facility, &f.Name, &f.Address, (*string)(&f.Unit), &lon, &lat, (*string)(&f.PositionLevel), &f.State, &place, &candidates, &reasons, &f.Metres, &f.By, &f.At, &f.Note)
		if err != nil {
			return f, err
		}
		if lon != nil && lat != nil {
			f.Point = &orb.Point{*lon, *lat}
		}
		if place != nil {
			err = json.Unmarshal(place, &f.Place)
		}
		return f, errors.Join(err, json.Unmarshal(candidates, &f.Candidates), json.Unmarshal(reasons, &f.Reasons))
	})
	return all, unavailable(err)
}

// Decide settles the link of a facility for somebody who may: allowed is asked with its
// unit and the one that it reports to. NotFound without the facility; Invalid for a decision that cannot be.
func (g *Geocoding) Decide(ctx context.Context, facility string, d geocode.Decision, allowed func(unit, zone planner.Code) bool) error {
	err := pgx.BeginFunc(ctx, g.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, linkLock); err != nil {
			return err
		}
		var l geocode.Link
		var source string
		var unit, zone planner.Code
		var place, candidates []byte
		err := tx.QueryRow(ctx, data.SQL("link_one"), pgx.StrictNamedArgs{"key": facility}).Scan(&source, &l.State, &place, &candidates, (*string)(&unit), (*string)(&zone))
		if errors.Is(err, pgx.ErrNoRows) || err == nil && !allowed(unit, zone) {
			return planner.Errorf(planner.NotFound, "没有设施「%s」,或不归您审核", "there is no facility %q, or it is not yours to decide", facility)
		}
		if err != nil {
			return err
		}
		if place != nil {
			err = json.Unmarshal(place, &l.Place)
		}
		if err = errors.Join(err, json.Unmarshal(candidates, &l.Candidates)); err != nil {
			return err
		}
		if d.Address != "" && !slices.ContainsFunc(l.Candidates, func(p geocode.Place) bool { return p.Address == d.Address }) {
			h, err := addressByKey(ctx, tx, d.Address)
			if err != nil {
				return err
			}
			l.Candidates = append(l.Candidates, h.Place(1))
		}
		if l, err = d.Apply(l); err != nil {
			return err
		}
		args := pgx.StrictNamedArgs{"source": source, "key": facility, "state": string(l.State), "by": d.By, "note": d.Note, "place": nil}
		if l.Place != nil {
			if args["place"], err = json.Marshal(l.Place); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, data.SQL("link_decide"), args); err != nil {
			return err
		}
		_, err = applyLinks(ctx, tx)
		return err
	})
	return unavailable(err)
}

func addressByKey(ctx context.Context, db querier, key string) (h geocode.House, err error) {
	rows, err := db.Query(ctx, data.SQL("link_address"), pgx.StrictNamedArgs{"key": key})
	if err != nil {
		return h, err
	}
	err = eachHouse(rows, func(_ int64, found geocode.House) { h = found })
	if err == nil && h.ID == "" {
		err = planner.Errorf(planner.Invalid, "没有标准地址「%s」", "there is no standard address %q", key)
	}
	return h, err
}
