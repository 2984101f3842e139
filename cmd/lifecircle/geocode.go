package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/lifecircle/lifecircle/geo/crs"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/address"
	"github.com/lifecircle/lifecircle/planner/geocode"
)

// longestLine is the most bytes of one address line that are read; a longer
// line is no address, and a file without line ends must not fill the memory.
const longestLine = 1 << 20

// atOnce is how many rows are geocoded together: one question to the database.
const atOnce = 1000

// geocodeCommand reads addresses, one a line or in a column of a list.
type geocodeCommand struct {
	File       string  `arg:"" optional:"" default:"-" help:"A text file with one address a line (UTF-8 or GB18030), or a list: CSV or XLSX with a heading. - or nothing is standard input, lines."`
	ParseOnly  bool    `name:"parse-only" help:"Only split each address into its elements; needs no database."`
	Facilities bool    `help:"Link the facilities to standard addresses; with --out the list of those that a person must decide goes to an XLSX."`
	Decisions  string  `type:"existingfile" placeholder:"FILE.xlsx" help:"That list, filled in: its decisions are taken over."`
	Reverse    bool    `help:"Points to addresses: lines are lon,lat; a list has two columns of them."`
	Out        string  `short:"o" placeholder:"FILE" help:"Where a list goes, with columns added: CSV or XLSX (default: NAME_geocoded beside it)."`
	Column     string  `placeholder:"HEADING" help:"Column of a list that holds the addresses; found by its heading without it."`
	Within     string  `placeholder:"CODE" help:"Answers lie in this division."`
	Encoding   string  `help:"Of a CSV: utf-8 or gb18030; guessed without it."`
	CRS        string  `name:"crs" default:"EPSG:4326" help:"Of the points of --reverse: EPSG:4326, 4490, 3857, 4513 to 4554, gcj02 or bd09."`
	Metres     float64 `default:"500" help:"How far the address of a point may be."`
}

// geocoder is what a list needs of the database.
type geocoder interface {
	Geocode(ctx context.Context, texts []string, within planner.Code) ([]geocode.Answer, error)
	Reverse(ctx context.Context, points []orb.Point, within float64) ([]geocode.Here, error)
}

func (c *geocodeCommand) Run(s *session) error {
	system, err := crs.Parse(c.CRS)
	if err != nil {
		return usageError{planner.Errorf(planner.Invalid, "不认识坐标系「%s」", "unknown coordinate system %q", c.CRS)}
	}
	var within planner.Code
	if c.Within != "" {
		if within, err = planner.ParseCode(c.Within); err != nil {
			return usageError{err}
		}
	}
	if c.ParseOnly && c.Reverse || c.Metres <= 0 {
		return usageError{planner.Errorf(planner.Invalid, "--parse-only 与 --reverse 不能同用,--metres 应大于0", "--parse-only and --reverse exclude each other, and --metres must be positive")}
	}
	if c.ParseOnly {
		return c.lines(s, parseLines(s.json))
	}
	switch strings.ToLower(filepath.Ext(c.File)) {
	case ".csv", ".tsv", ".xlsx", ".xlsm":
		if _, err := os.Stat(c.File); err != nil {
			return planner.Wrap(err, planner.Invalid, "无法打开 %s", "cannot open %s", c.File)
		}
	}
	db, err := s.db.open(s.ctx, false)
	if err != nil {
		return err
	}
	defer db.close()
	g := db.store().Geocoding()
	if c.Facilities || c.Decisions != "" {
		return c.links(s, db, g)
	}
	switch strings.ToLower(filepath.Ext(c.File)) {
	case ".csv", ".tsv", ".xlsx", ".xlsm":
		return c.list(s, g, within, system)
	}
	if c.Reverse {
		return c.lines(s, reverseLines(g, system, c.Metres, s.json))
	}
	return c.lines(s, geocodeLines(g, within, s.json))
}

// answering answers some lines, each on one line of out.
type answering func(ctx context.Context, lines []string, out *bufio.Writer) error

// lines reads the file line by line and has them answered. Empty lines get empty
// answers, so that lines of the answer and of the file agree.
func (c *geocodeCommand) lines(s *session, answer answering) error {
	in := io.Reader(os.Stdin)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return planner.Wrap(err, planner.Invalid, "无法打开 %s", "cannot open %s", c.File)
		}
		defer f.Close()
		in = f
	}
	out := bufio.NewWriterSize(s.out, 1<<16)
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), longestLine)
	var ready []string
	n := 0
	for ; lines.Scan(); n++ {
		text := strings.TrimSuffix(lines.Text(), "\r")
		if n == 0 {
			text = strings.TrimPrefix(text, "\uFEFF")
		}
		if !utf8.ValidString(text) { // counties deliver GBK
			if text, _ = simplifiedchinese.GB18030.NewDecoder().String(text); !utf8.ValidString(text) {
				text = strings.ToValidUTF8(text, "\uFFFD")
			}
		}
		if ready = append(ready, text); len(ready) == atOnce {
			if err := answer(s.ctx, ready, out); err != nil {
				return err
			}
			ready = ready[:0]
		}
	}
	if err := answer(s.ctx, ready, out); err != nil {
		return err
	}
	if err := lines.Err(); err != nil {
		out.Flush()
		return planner.Wrap(err, planner.Invalid, "第 %d 行超过 1 MiB，不是地址", "line %d is longer than 1 MiB, which is no address", n+1)
	}
	return out.Flush()
}

// parsedAddress is one line of the answer to --parse-only.
type parsedAddress struct {
	Text     string            `json:"text"`
	Elements []address.Element `json:"elements"`
}

// parseLines prints the elements: objects as JSON, else 「level=text」 with tabs between.
func parseLines(asJSON bool) answering {
	return func(ctx context.Context, lines []string, out *bufio.Writer) error {
		enc := encoder(out)
		for _, text := range lines {
			elements := address.Parse(text)
			if asJSON {
				if err := enc.Encode(parsedAddress{text, elements}); err != nil {
					return err
				}
				continue
			}
			for i, e := range elements {
				if i > 0 {
					out.WriteByte('\t')
				}
				out.WriteString(string(e.Level) + "=" + e.Text)
			}
			if err := out.WriteByte('\n'); err != nil {
				return err
			}
		}
		return ctx.Err()
	}
}

// geocodeLines prints the answers: objects as JSON, else the columns of a list with tabs between.
func geocodeLines(g geocoder, within planner.Code, asJSON bool) answering {
	return func(ctx context.Context, lines []string, out *bufio.Writer) error {
		answers, err := g.Geocode(ctx, lines, within)
		if err != nil {
			return err
		}
		enc := encoder(out)
		for i := range answers {
			if asJSON {
				err = enc.Encode(answers[i])
			} else {
				_, err = fmt.Fprintf(out, "%s\t%s\n", lines[i], strings.Join(answers[i].Values(), "\t"))
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// reverseLines prints what lies at points, one 「lon,lat」 a line.
func reverseLines(g geocoder, system crs.CRS, metres float64, asJSON bool) answering {
	return func(ctx context.Context, lines []string, out *bufio.Writer) error {
		points := make([]orb.Point, len(lines))
		for i, line := range lines {
			x, y, _ := strings.Cut(strings.NewReplacer("\t", ",", " ", ",", "，", ",").Replace(strings.TrimSpace(line)), ",")
			p, ok := pointOf(x, strings.TrimLeft(y, ","), system)
			if !ok {
				return planner.Errorf(planner.Invalid, "「%s」不是「经度,纬度」", "%q is not lon,lat", line)
			}
			points[i] = p
		}
		all, err := g.Reverse(ctx, points, metres)
		if err != nil {
			return err
		}
		enc := encoder(out)
		for i := range all {
			if asJSON {
				err = enc.Encode(all[i])
			} else {
				_, err = fmt.Fprintf(out, "%s\t%s\n", lines[i], strings.Join(all[i].Values(), "\t"))
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// pointOf reads a point of a coordinate system as lon, lat.
func pointOf(x, y string, system crs.CRS) (orb.Point, bool) {
	a, errA := strconv.ParseFloat(strings.TrimSpace(x), 64)
	b, errB := strconv.ParseFloat(strings.TrimSpace(y), 64)
	if errA != nil || errB != nil || !system.Accepts(orb.Point{a, b}) {
		return orb.Point{}, false
	}
	return system.ToLonLat(orb.Point{a, b}), true
}

func encoder(out io.Writer) *json.Encoder {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	return enc
}
