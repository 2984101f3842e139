package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/paulmach/orb"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/osmroad"
	"github.com/lifecircle/lifecircle/planner"
)

// graphCommand makes a graph file, which every command with --network opens at once.
type graphCommand struct {
	networkFile
	Out string `type:"path" placeholder:"FILE.graph" help:"File to write, whole or not at all; without it the network is only described."`
}

func (c *graphCommand) Run(s *session) error {
	if len(c.Network) == 0 {
		return usageError{planner.Errorf(planner.Invalid, "请用 --network 指定路网文件", "name the network file with --network")}
	}
	began := time.Now()
	n, err := c.build(s)
	if err != nil {
		return err
	}
	g, took := n.Graph, time.Since(began)
	if c.Out != "" {
		if err := g.Save(c.Out); err != nil {
			return planner.Wrap(err, planner.Invalid, "无法写入%s", "%s cannot be written", c.Out)
		}
	}
	d := struct {
		Digest    string          `json:"digest"`
		Source    string          `json:"source_sha256"`
		Nodes     int             `json:"nodes"`
		Pieces    int             `json:"pieces"`
		Arcs      int             `json:"arcs"`
		Junctions int             `json:"junctions"`
		Chains    int             `json:"chains"`
		Bytes     int64           `json:"bytes"`
		PerArc    float64         `json:"bytes_per_arc"`
		Seconds   float64         `json:"seconds"`
		Sections  []graph.Section `json:"sections"`
	}{g.Digest(), g.SourceDigest(), g.NumNodes(), g.NumArcs() / 2, g.NumArcs(), g.Junctions(), g.NumChains(), g.Bytes(), float64(g.Bytes()) / float64(g.NumArcs()), took.Seconds(), g.Sections()}
	if s.json {
		return json.NewEncoder(s.out).Encode(d)
	}
	_, err = fmt.Fprintf(s.out, "graph %s: %d nodes, %d pieces, %d arcs; %d junctions, %d chains; %d bytes, %.1f for each arc; %.1f s\n",
		d.Digest, d.Nodes, d.Pieces, d.Arcs, d.Junctions, d.Chains, d.Bytes, d.PerArc, d.Seconds)
	return err
}

// isGraph tells a graph file from a network that must be read first.
func isGraph(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	start := make([]byte, 8)
	_, err = f.Read(start)
	return err == nil && string(start) == "LCGRAPH\n"
}

// openGraph opens a graph file in place of a network.
func openGraph(path string) (*osmroad.Network, error) {
	g, err := graph.Open(path)
	if wrong := (*graph.FileError)(nil); errors.As(err, &wrong) {
		return nil, planner.Errorf(planner.Invalid, "%[1]s不能使用:%[2]s;请重新生成:lifecircle graph --network 路网文件 --out %[1]s", "%[1]s cannot be used: %[3]s; make it again: lifecircle graph --network FILE.osm.pbf --out %[1]s", path, wrong.ZH, wrong.EN)
	}
	if err != nil {
		return nil, err
	}
	n := &osmroad.Network{Graph: g, SourceDigest: g.SourceDigest(), Bound: orb.Bound{Min: orb.Point{180, 90}, Max: orb.Point{-180, -90}}}
	for v := range graph.NodeID(g.NumNodes()) {
		n.Bound = n.Bound.Extend(g.Point(v))
	}
	return n, nil
}
