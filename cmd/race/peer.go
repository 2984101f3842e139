package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
)

// walker is Valhalla's pedestrian at 1.0 m/s without its tastes: no penalty, no preferred kind of way, no hills.
const walker = `{"pedestrian":{"walking_speed":3.6,"use_hills":0,"use_ferry":0,"step_penalty":0,"elevator_penalty":0,"service_penalty":0,"gate_penalty":0,"gate_cost":0,` +
	`"destination_only_penalty":0,"private_access_penalty":0,"maneuver_penalty":0,"country_crossing_penalty":0,"country_crossing_cost":0,"service_factor":1,"walkway_factor":1,` +
	`"sidewalk_factor":1,"alley_factor":1,"driveway_factor":1,"use_lit":0,"max_hiking_difficulty":6}}`

// peer is a Valhalla server.
type peer struct{ url string }

func (p peer) ask(ctx context.Context, path string, question map[string]any, answer any) error {
	question["costing"], question["costing_options"] = "pedestrian", json.RawMessage(walker)
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		return err
	}
	if a.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %.300s", path, a.Status, text)
	}
	return json.Unmarshal(text, answer)
}

type location struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

func at(p orb.Point) location { return location{p[1], p[0]} }

// offset is how far away, in metres, Valhalla brings a place onto its streets.
func (p peer) offset(ctx context.Context, place orb.Point) (float64, error) {
	var found []struct {
		Edges []struct {
			Lon float64 `json:"correlated_lon"`
			Lat float64 `json:"correlated_lat"`
		} `json:"edges"`
	}
	err := p.ask(ctx, "/locate", map[string]any{"locations": []location{at(place)}}, &found)
	if err != nil || len(found) == 0 || len(found[0].Edges) == 0 {
		return math.Inf(1), err
	}
	return geo.DistanceHaversine(place, orb.Point{found[0].Edges[0].Lon, found[0].Edges[0].Lat}), nil
}

// matrix gives the seconds from one node to others, −1 where there is no way.
func (p peer) matrix(ctx context.Context, n *travel.Net, from graph.NodeID, to []graph.NodeID) ([]float64, error) {
	var targets []location
	for _, v := range to {
		targets = append(targets, at(n.G.Point(v)))
	}
	var answer struct {
		Rows [][]struct {
			Time *float64 `json:"time"`
		} `json:"sources_to_targets"`
	}
	err := p.ask(ctx, "/sources_to_targets", map[string]any{"sources": []location{at(n.G.Point(from))}, "targets": targets}, &answer)
	if err != nil {
		return nil, err
	}
	if len(answer.Rows) != 1 || len(answer.Rows[0]) != len(to) {
		return nil, fmt.Errorf("the matrix has another shape than asked for")
	}
	seconds := make([]float64, len(to))
	for i, cell := range answer.Rows[0] {
		seconds[i] = -1
		if cell.Time != nil {
			seconds[i] = *cell.Time
		}
	}
	return seconds, nil
}

// edge is a part of a route: an OSM way between two places.
type edge struct {
	way      int64
	from, to orb.Point
}

// route gives Valhalla's own way between two places, and its seconds.
func (p peer) route(ctx context.Context, from, to orb.Point) (seconds float64, edges []edge, err error) {
	var answer struct {
		Trip struct {
			Summary struct {
				Time float64 `json:"time"`
			} `json:"summary"`
			Legs []struct {
				Shape string `json:"shape"`
			} `json:"legs"`
		} `json:"trip"`
	}
	if err := p.ask(ctx, "/route", map[string]any{"locations": []location{at(from), at(to)}, "directions_type": "none"}, &answer); err != nil {
		return 0, nil, err
	}
	var walked struct {
		Edges []struct {
			Way   int64 `json:"way_id"`
			Begin int   `json:"begin_shape_index"`
			End   int   `json:"end_shape_index"`
		} `json:"edges"`
	}
	shape := answer.Trip.Legs[0].Shape
	if err := p.ask(ctx, "/trace_attributes", map[string]any{"encoded_polyline": shape, "shape_match": "edge_walk"}, &walked); err != nil {
		return answer.Trip.Summary.Time, nil, nil // a route within one edge cannot be walked again
	}
	line := polyline(shape)
	for _, e := range walked.Edges {
		if e.End < len(line) {
			edges = append(edges, edge{e.Way, line[e.Begin], line[e.End]})
		}
	}
	return answer.Trip.Summary.Time, edges, nil
}

// polyline reads Google's encoding with six decimals.
func polyline(text string) (line []orb.Point) {
	var v [2]int
	for i := 0; i < len(text); {
		for axis := range v {
			value, shift := 0, 0
			for {
				c := int(text[i]) - 63
				i++
				value |= c & 31 << shift
				if shift += 5; c < 32 {
					break
				}
			}
			if value&1 != 0 {
				value = ^value
			}
			v[axis] += value >> 1
		}
		line = append(line, orb.Point{float64(v[1]) / 1e6, float64(v[0]) / 1e6})
	}
	return line
}

// apart is the distance of two places in metres.
func apart(p, q orb.Point) float64 { return geo.DistanceHaversine(p, q) }
