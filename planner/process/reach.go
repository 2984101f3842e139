package process

import (
	"context"
	"encoding/json"
	"time"

	"github.com/paulmach/orb/geojson"

	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/isochrone"
	"github.com/lifecircle/lifecircle/planner/run"
)

var (
	points  = json.RawMessage(`{"type":"array","minItems":1,"items":{"type":"array","minItems":2,"maxItems":2,"items":{"type":"number"}}}`)
	profile = Value{Title: planner.Text{ZH: "出行方式", EN: "travel profile; elder_60_69 without it"}, Schema: json.RawMessage(`{"type":"string","default":"elder_60_69"}`), Optional: true}
	minute  = json.RawMessage(`{"type":"integer","minimum":1,"maximum":120,"default":15}`)
)

// isochrones draws areas from which points are reached.
var isochrones = Process{ID: "isochrone", Title: planner.Text{ZH: "等时圈", EN: "Isochrone"}, Description: planner.Text{ZH: "规定时间内可到达各点的范围", EN: "Areas from which points are reached within minutes"},
	Inputs: map[string]Value{"points": {Title: planner.Text{ZH: "点(经度,纬度)", EN: "points: lon, lat"}, Schema: points}, "profile": profile,
		"minutes": {Title: planner.Text{ZH: "分钟", EN: "minutes"}, Schema: json.RawMessage(`{"type":"array","items":{"type":"integer","minimum":1,"maximum":120},"default":[5,10,15]}`), Optional: true}},
	Outputs: map[string]Value{"isochrones": {Title: planner.Text{ZH: "等时圈", EN: "isochrones"}, Schema: json.RawMessage(`{"type":"object","contentMediaType":"application/geo+json"}`)}},
	do: func(ctx context.Context, d Desk, in inputs, progress func(int)) (map[string]any, error) {
		q := isochrone.Question{Minutes: []int{5, 10, 15}, Way: isochrone.Way{Profile: "elder_60_69", Direction: travel.Inbound}}
		if err := first(in.read("points", &q.Places), in.read("minutes", &q.Minutes), in.read("profile", &q.Way.Profile)); err != nil {
			return nil, err
		}
		s, err := d.Isochrones.Survey(ctx, q)
		if err != nil {
			return nil, err
		}
		all := geojson.NewFeatureCollection()
		err = s.Draw(ctx, func(i isochrone.Isochrone) error {
			f := geojson.NewFeature(i.Polygon)
			f.Properties = geojson.Properties{"point": i.Place, "minutes": i.Minutes, "square_metres": i.SquareMetre, "profile": q.Way.Profile}
			all.Append(f)
			progress(100 * (i.Place + 1) / len(q.Places))
			return nil
		})
		return map[string]any{"isochrones": all}, err
	}}

// coverage tells who of a set of points reaches one of a set of sites.
var coverage = Process{ID: "coverage", Title: planner.Text{ZH: "点集覆盖", EN: "Coverage of points"}, Description: planner.Text{ZH: "给定需求点(可带人数)与设施,规定时间内能到达设施的人数与占比", EN: "Of points, with people or without, how many reach one of the sites within the minutes"},
	Inputs: map[string]Value{"points": {Title: planner.Text{ZH: "需求点(经度,纬度)", EN: "demand points: lon, lat"}, Schema: points}, "sites": {Title: planner.Text{ZH: "设施(经度,纬度)", EN: "sites: lon, lat"}, Schema: points}, "profile": profile,
		"people":  {Title: planner.Text{ZH: "各点人数,缺省各为1", EN: "people of each point; 1 each without it"}, Schema: json.RawMessage(`{"type":"array","items":{"type":"number","minimum":0}}`), Optional: true},
		"minutes": {Title: planner.Text{ZH: "分钟", EN: "minutes"}, Schema: minute, Optional: true}},
	Outputs: map[string]Value{"coverage": {Title: planner.Text{ZH: "覆盖", EN: "people, covered people, share, and of each point its nearest site and the seconds to it; null where none is reached"}, Schema: json.RawMessage(`{"type":"object"}`)}},
	do: func(ctx context.Context, d Desk, in inputs, progress func(int)) (map[string]any, error) {
		q := isochrone.TimesQuestion{Minutes: 15, Nearest: 1, Way: isochrone.Way{Profile: "elder_60_69", Direction: travel.Outbound}}
		var people []float64
		if err := first(in.read("points", &q.Sources), in.read("sites", &q.Targets), in.read("people", &people), in.read("minutes", &q.Minutes), in.read("profile", &q.Way.Profile)); err != nil {
			return nil, err
		}
		if people != nil && len(people) != len(q.Sources) {
			return nil, planner.Errorf(planner.Invalid, "people应与points一样多(%d个),收到%d个", "people must be as many as points (%d), got %d", len(q.Sources), len(people))
		}
		times, err := d.Isochrones.Times(ctx, q)
		if err != nil {
			return nil, err
		}
		type nearest struct {
			Site    *int32   `json:"site"`
			Seconds *float64 `json:"seconds"`
		}
		each := make([]nearest, len(q.Sources))
		total, covered := 0.0, 0.0
		err = times.Each(ctx, func(source int, to []travel.Pair) error {
			weight := 1.0
			if people != nil {
				weight = people[source]
			}
			total += weight
			if len(to) > 0 {
				covered += weight
				seconds := float64(to[0].Millis) / 1000
				each[source] = nearest{&to[0].Point, &seconds}
			}
			if source%100 == 0 {
				progress(100 * source / len(q.Sources))
			}
			return nil
		})
		var share any
		if total > 0 {
			share = covered / total
		}
		return map[string]any{"coverage": map[string]any{"people": total, "covered": covered, "share": share, "minutes": q.Minutes, "profile": q.Way.Profile, "points": each}}, err
	}}

// plan evaluates the standards: a run like any other, waited for.
var plan = Process{ID: "plan", StartsRuns: true, Title: planner.Text{ZH: "测算", EN: "Run of the standards"}, Description: planner.Text{ZH: "对照标准测算并发布;只能异步执行", EN: "Evaluates the standards and publishes the run; asynchronous only"},
	Inputs: map[string]Value{"as_of": {Title: planner.Text{ZH: "基准日", EN: "the day that is judged"}, Schema: json.RawMessage(`{"type":"string","format":"date"}`)},
		"name":      {Title: planner.Text{ZH: "名称", EN: "name"}, Schema: json.RawMessage(`{"type":"string"}`), Optional: true},
		"units":     {Title: planner.Text{ZH: "区划代码,缺省为全部", EN: "division codes; all without them"}, Schema: json.RawMessage(`{"type":"array","items":{"type":"string"}}`), Optional: true},
		"standards": {Title: planner.Text{ZH: "标准文件(YAML),缺省为内置", EN: "standards (YAML); the built-in ones without"}, Schema: json.RawMessage(`{"type":"string"}`), Optional: true},
		"set":       {Title: planner.Text{ZH: "假设", EN: "assumptions: name to value"}, Schema: json.RawMessage(`{"type":"object","additionalProperties":{"type":"string"}}`), Optional: true}},
	Outputs: map[string]Value{"run": {Title: planner.Text{ZH: "测算", EN: "the run: number, digest and figures"}, Schema: json.RawMessage(`{"type":"object"}`)}},
	do:      doPlan}

// pause is how often a run is asked how far it is.
const pause = 500 * time.Millisecond

func doPlan(ctx context.Context, d Desk, in inputs, progress func(int)) (map[string]any, error) {
	var spec run.Spec
	var day string
	var units []string
	if err := first(in.read("as_of", &day), in.read("name", &spec.Name), in.read("units", &units), in.read("standards", &spec.Standards), in.read("set", &spec.Set)); err != nil {
		return nil, err
	}
	var err error
	if spec.AsOf, err = time.Parse(time.DateOnly, day); err != nil {
		return nil, planner.Errorf(planner.Invalid, "as_of应为YYYY-MM-DD,收到「%.40s」", "as_of must be YYYY-MM-DD, got %.40q", day)
	}
	if spec.Name == "" {
		spec.Name = "截至" + day
	}
	for _, u := range units {
		code, err := planner.ParseCode(u)
		if err != nil {
			return nil, err
		}
		spec.Units = append(spec.Units, code)
	}
	id, err := d.Runs.Start(ctx, spec)
	if err != nil {
		return nil, err
	}
	for {
		r, err := d.Runs.Record(ctx, id)
		switch {
		case ctx.Err() != nil: // dismissed: the run goes too
			_ = d.Runs.Cancel(context.WithoutCancel(ctx), id) // it may have ended
			return nil, ctx.Err()
		case err != nil:
			return nil, err
		case r.State == "published":
			return map[string]any{"run": r}, nil
		case r.State == "failed" || r.State == "canceled":
			return nil, planner.Errorf(planner.Conflict, "测算%d没有完成:%s %s", "run %d has not ended well: %s %s", id, r.State, r.Error)
		}
		progress(int(100 * r.Progress))
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func first(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}
