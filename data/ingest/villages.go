package ingest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/planner"
)

// known is a unit that a village can be under, or be.
type known struct{ code, name, parent string }

// gazetteer finds townships and villages by name.
type gazetteer struct {
	counties map[string]known    // by code
	byCounty map[string][]known  // townships
	villages map[string][]string // codes by township and short name, in order
	used     map[string]bool     // codes that are taken
	fresh    []known             // own townships that were made
}

const (
	knownUnits = `SELECT key, level, name, coalesce(parent_code, '') FROM unit WHERE to_version = open_version()
		UNION SELECT key, level, name, coalesce(parent_code, '') FROM {rows} WHERE key IS NOT NULL ORDER BY 1`
	nameless     = `SELECT seq, name, coalesce(town_code, ''), coalesce(county_code, ''), coalesce(town, ''), coalesce(county, ''), coalesce(prefecture, '') FROM {rows} WHERE key IS NULL ORDER BY seq`
	setKeys      = `UPDATE {rows} r SET key = f.key, parent_code = f.parent FROM {found} f WHERE f.seq = r.seq AND f.key <> ''`
	addTowns     = `INSERT INTO {rows} (seq, file, number, key, digest, name, level, parent_code, is_island) SELECT $1, 1, 0, $2, $3, $4, 4, $5, false`
	dropNameless = `DELETE FROM {rows} WHERE key IS NULL`
)

// nameVillages gives codes to villages that came by name: that of the village of this name in the township,
// or one of our own, which no list issues. A second village of the name in the township gets the second code.
func (im *importer) nameVillages(ctx context.Context) error {
	return im.measured("villages_by_name", func() (rejected, noted int64, err error) {
		g, err := im.gazetteer(ctx)
		if err != nil {
			return 0, 0, err
		}
		rows, err := im.conn.Query(ctx, im.fill(nameless))
		if err != nil {
			return 0, 0, err
		}
		var found [][]any
		seen := map[string]int{}
		var seq int64
		var name string
		var q placement
		if _, err := pgx.ForEachRow(rows, []any{&seq, &name, &q.townCode, &q.countyCode, &q.town, &q.county, &q.prefecture}, func() error {
			town, why, kept := g.township(q)
			key := ""
			if town != "" {
				key, why, kept = g.village(town, name, seen, why)
			}
			switch {
			case key == "":
				rejected++
			case why.ZH != "":
				noted++
			}
			found = append(found, []any{seq, key, town, why.ZH, why.EN, kept})
			return nil
		}); err != nil || len(found) == 0 {
			return 0, 0, err
		}
		return rejected, noted, im.takeNames(ctx, g, found)
	})
}

func (im *importer) takeNames(ctx context.Context, g *gazetteer, found [][]any) error {
	if _, err := im.conn.Exec(ctx, im.fill(`CREATE UNLOGGED TABLE {found} (seq bigint, key text, parent text, zh text, en text, kept boolean)`)); err != nil {
		return err
	}
	if _, err := im.conn.CopyFrom(ctx, pgx.Identifier{"staging", fmt.Sprintf("found_%d", im.job)}, []string{"seq", "key", "parent", "zh", "en", "kept"}, pgx.CopyFromRows(found)); err != nil {
		return err
	}
	for i, t := range g.fresh {
		sum := sha256.Sum256([]byte(t.name))
		if _, err := im.conn.Exec(ctx, im.fill(addTowns), -1-i, t.code, sum[:16], t.name, t.parent); err != nil {
			return err
		}
	}
	for _, sql := range []string{keepFound + ` WHERE f.zh <> ''`, setKeys, dropNameless, `DROP TABLE {found}`} {
		if _, err := im.conn.Exec(ctx, im.fill(sql)); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) gazetteer(ctx context.Context) (*gazetteer, error) {
	rows, err := im.conn.Query(ctx, im.fill(knownUnits))
	if err != nil {
		return nil, err
	}
	g := &gazetteer{counties: map[string]known{}, byCounty: map[string][]known{}, villages: map[string][]string{}, used: map[string]bool{}}
	prefectures := map[string]string{}
	var u known
	var level int16
	_, err = pgx.ForEachRow(rows, []any{&u.code, &level, &u.name, &u.parent}, func() error {
		g.used[u.code] = true
		switch planner.Level(level) {
		case planner.Prefecture:
			prefectures[u.code] = u.name
		case planner.County:
			g.counties[u.code] = u
		case planner.Township:
			county := string(planner.Code(u.code).Ancestor(planner.County))
			g.byCounty[county] = append(g.byCounty[county], u)
		case planner.Village:
			town := string(planner.Code(u.code).Ancestor(planner.Township))
			at := town + planner.VillageName(u.name)
			if !slices.Contains(g.villages[at], u.code) {
				g.villages[at] = append(g.villages[at], u.code)
			}
		}
		return nil
	})
	for code, c := range g.counties {
		c.parent = prefectures[string(planner.Code(code).Ancestor(planner.Prefecture))]
		g.counties[code] = c
	}
	return g, err
}

// placement is what a row says of where its village is.
type placement struct{ townCode, countyCode, town, county, prefecture string }

// township finds the township, by code or by name in its county; failing that by the one of the name in
// the prefecture, since townships move to other counties; failing that it makes one of our own. "" is a
// village that cannot be placed, with why.
func (g *gazetteer) township(q placement) (code string, why planner.Text, kept bool) {
	if g.used[q.townCode] && planner.Code(q.townCode).Level() == planner.Township {
		return q.townCode, why, true
	}
	if q.town == "" {
		return "", planner.Text{ZH: "所属乡镇 " + q.townCode + " 不在行政区划中", EN: "its township " + q.townCode + " is not among the units"}, false
	}
	county, ok := g.counties[q.countyCode]
	if !ok {
		for _, c := range g.counties {
			if c.name == q.county && (q.prefecture == "" || c.parent == q.prefecture) {
				county, ok = c, true
			}
		}
	}
	if ok {
		towns := g.byCounty[county.code]
		if t, ok := only(towns, func(t known) bool { return t.name == q.town }); ok {
			return t.code, why, true
		}
		if t, ok := only(towns, func(t known) bool { return planner.IsPlaceholder(t.name) }); ok && planner.IsPlaceholder(q.town) {
			return t.code, why, true
		}
		if t, ok := only(towns, func(t known) bool { return bareTown(t.name) == bareTown(q.town) || strings.HasSuffix(q.town, t.name) }); ok {
			return t.code, planner.Text{ZH: fmt.Sprintf("乡镇「%s」按「%s」处理", q.town, t.name), EN: fmt.Sprintf("township %s is taken for %s", q.town, t.name)}, true
		}
	}
	prefecture := q.prefecture
	if ok {
		prefecture = county.parent
	}
	var around []known
	for code, towns := range g.byCounty {
		if c := g.counties[code]; c.parent == prefecture && prefecture != "" {
			around = append(around, towns...)
		}
	}
	if t, found := only(around, func(t known) bool { return t.name == q.town }); found {
		now := g.counties[string(planner.Code(t.code).Ancestor(planner.County))].name
		return t.code, planner.Text{ZH: fmt.Sprintf("「%s」现属「%s」,不属「%s」", q.town, now, q.county), EN: fmt.Sprintf("%s is in %s now, not in %s", q.town, now, q.county)}, true
	}
	if !ok {
		return "", planner.Text{ZH: fmt.Sprintf("所属县「%s」不在行政区划中", q.county), EN: fmt.Sprintf("its county %s is not among the units", q.county)}, false
	}
	own, ok := g.free(county.code[:6], planner.OwnTownship, 999, "000")
	if !ok {
		return "", planner.Text{ZH: "本县没有可用的本地乡级代码", EN: "its county has no own township code left"}, false
	}
	t := known{own, q.town, county.code}
	g.byCounty[county.code] = append(g.byCounty[county.code], t)
	g.fresh = append(g.fresh, t)
	return own, planner.Text{ZH: fmt.Sprintf("乡镇「%s」不在「%s」的区划中,暂用本地代码 %s", q.town, county.name, own), EN: fmt.Sprintf("township %s is not in the list of %s: own code %s", q.town, county.name, own)}, true
}

// village finds or makes the code of a village of a township.
func (g *gazetteer) village(town, name string, seen map[string]int, why planner.Text) (string, planner.Text, bool) {
	at := town + planner.VillageName(name)
	seen[at]++
	if n := seen[at]; n > 1 && why.ZH == "" {
		why = planner.Text{ZH: fmt.Sprintf("本乡镇第%d个「%s」", n, name), EN: fmt.Sprintf("number %d of this name in its township: %s", n, name)}
	}
	if seen[at] <= len(g.villages[at]) {
		return g.villages[at][seen[at]-1], why, true
	}
	from, to := planner.OwnVillage, 999
	if strings.HasSuffix(planner.VillageName(name), "社区") || strings.HasSuffix(name, "居民区") {
		from, to = planner.OwnCommunity, planner.OwnVillage-1
	}
	own, ok := g.free(town[:9], from, to, "")
	if !ok {
		return "", planner.Text{ZH: "本乡镇没有可用的本地村级代码", EN: "its township has no own village code left"}, false
	}
	g.villages[at] = append(g.villages[at], own)
	return own, why, true
}

// free takes the first code behind a prefix that nobody has.
func (g *gazetteer) free(prefix string, from, to int, tail string) (string, bool) {
	for n := from; n <= to; n++ {
		if code := fmt.Sprintf("%s%03d%s", prefix, n, tail); !g.used[code] {
			g.used[code] = true
			return code, true
		}
	}
	return "", false
}

// only gives the one that fits, if exactly one does.
func only(all []known, fits func(known) bool) (k known, ok bool) {
	for _, a := range all {
		if fits(a) {
			if ok {
				return known{}, false
			}
			k, ok = a, true
		}
	}
	return k, ok
}

// bareTown drops the kind of township, which changes more often than its name.
func bareTown(s string) string {
	for _, suffix := range []string{"街道", "民族乡", "镇", "乡"} {
		if bare, ok := strings.CutSuffix(s, suffix); ok && len(bare) > len("某") {
			return bare
		}
	}
	return s
}
