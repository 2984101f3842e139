package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/lifecircle/lifecircle/data/ingest"
	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/planner"
	rights "github.com/lifecircle/lifecircle/planner/access"
	"github.com/lifecircle/lifecircle/planner/geocode"
)

// links takes over decisions, links what is new, and writes the review list.
func (c *geocodeCommand) links(s *session, db *opened, g *store.Geocoding) error {
	return s.recorded(db, rights.ImportData, "facility-links", map[string]any{"decisions": c.Decisions}, func() error {
		bad := 0
		if c.Decisions != "" {
			var err error
			if bad, err = takeDecisions(s, g, c.Decisions); err != nil {
				return err
			}
		}
		counts, err := g.Link(s.ctx)
		if err != nil {
			return err
		}
		if c.Out != "" {
			if err := writeReview(s, g, c.Out); err != nil {
				return err
			}
		}
		if s.json {
			err = json.NewEncoder(s.out).Encode(counts)
		} else {
			_, err = fmt.Fprintln(s.out, linkLine(counts))
		}
		if err == nil && bad > 0 {
			err = errRejected
		}
		return err
	})
}

func linkLine(n geocode.LinkCounts) string {
	return fmt.Sprintf("facilities: %d linked, %d to be checked, %d not found, %d rejected / 设施地址:已关联%d,待核%d,未找到%d,不采用%d",
		n.Linked, n.Doubtful, n.Unknown, n.Rejected, n.Linked, n.Doubtful, n.Unknown, n.Rejected)
}

// linkImported links facilities behind their import. Without a database of addresses there is nothing to link to.
func linkImported(s *session, g *store.Geocoding) error {
	counts, err := g.Link(s.ctx)
	if planner.KindOf(err) == planner.Conflict {
		return nil
	}
	if err == nil && counts.Asked > 0 {
		fmt.Fprintln(s.errs, linkLine(counts))
		if counts.Doubtful+counts.Unknown > 0 {
			fmt.Fprintln(s.errs, "lifecircle geocode --facilities --out FILE.xlsx writes the list to be checked / 可导出待核清单")
		}
	}
	return err
}

// candidateColumns is how many candidates the review list has room for.
const candidateColumns = 5

var reviewHead = []string{"设施编号", "设施名称", "原地址", "行政区代码", "状态", "建议标准地址", "建议级别", "得分", "距原坐标(米)", "说明", "候选1", "候选2", "候选3", "候选4", "候选5", "决定", "备注"}

// writeReview writes the facilities that a person must decide. In 决定 one writes 采用, 1 to 5, 不采用, or the id of a standard address.
func writeReview(s *session, g *store.Geocoding, path string) error {
	out, err := createList(path)
	if err != nil {
		return err
	}
	defer out.discard()
	if err := out.row(reviewHead); err != nil {
		return err
	}
	const page = 1000
	after := ""
	for {
		links, err := g.Links(s.ctx, []geocode.LinkState{geocode.Doubtful, geocode.Unknown}, after, page, planner.DemoViewer)
		if err != nil {
			return err
		}
		for i := range links {
			if err := out.row(reviewRow(&links[i])); err != nil {
				return err
			}
			after = links[i].Facility
		}
		if len(links) < page {
			return out.close()
		}
	}
}

func reviewRow(f *geocode.FacilityLink) []string {
	cells := make([]string, len(reviewHead))
	cells[0], cells[1], cells[2], cells[3] = f.Facility, f.Name, f.Address, string(f.Unit)
	for _, w := range geocode.LinkStates {
		if w.ID == string(f.State) {
			cells[4] = w.Name.ZH
		}
	}
	if p := f.Place; p != nil {
		cells[5], cells[6], cells[7] = p.Text, geocode.LevelName(p.Level), strconv.FormatFloat(p.Score, 'f', 2, 64)
	}
	if f.Metres != nil {
		cells[8] = strconv.FormatFloat(*f.Metres, 'f', 0, 64)
	}
	var why []string
	for _, r := range f.Reasons {
		why = append(why, r.ZH)
	}
	cells[9] = strings.Join(why, ";")
	for i := range f.Candidates[:min(len(f.Candidates), candidateColumns)] {
		cells[10+i] = f.Candidates[i].Text
	}
	return cells
}

// takeDecisions reads the review list back; bad counts the rows whose decision cannot be, which are named.
func takeDecisions(s *session, g *store.Geocoding, path string) (bad int, err error) {
	in, err := ingest.Open(s.ctx, path, "", func(cells []string) (n int) {
		for _, c := range cells {
			if slices.Contains(reviewHead, strings.TrimSpace(c)) {
				n++
			}
		}
		return n
	})
	if err != nil {
		return 0, err
	}
	defer in.Close()
	if header := in.Header(); !slices.Contains(header, "设施编号") || !slices.Contains(header, "决定") {
		return 0, planner.Errorf(planner.Invalid, "%s 不是待核清单:缺少「设施编号」或「决定」列", "%s is no review list: it lacks the column 设施编号 or 决定", path)
	}
	by := "operator"
	if user := os.Getenv("USER"); user != "" {
		by += ":" + user
	}
	for {
		row, err := in.Next()
		if errors.Is(err, io.EOF) {
			return bad, nil
		}
		if err != nil {
			return bad, err
		}
		fields := row.Fields(in.Header())
		said := strings.TrimSpace(fields["决定"])
		if said == "" {
			continue
		}
		d := decisionOf(said)
		d.Note, d.By = fields["备注"], by
		err = g.Decide(s.ctx, strings.TrimSpace(fields["设施编号"]), d, func(_, _ planner.Code) bool { return true })
		if kind := planner.KindOf(err); kind == planner.Invalid || kind == planner.NotFound {
			bad++
			fmt.Fprintf(s.errs, "%d: %v\n", row.Number, err)
		} else if err != nil {
			return bad, err
		}
	}
}

func decisionOf(said string) geocode.Decision {
	switch said {
	case "采用", "accept", "accepted", "是":
		return geocode.Decision{State: geocode.Accepted}
	case "不采用", "reject", "rejected", "否":
		return geocode.Decision{State: geocode.Rejected}
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(said, "候选")); err == nil && n >= 1 && n <= candidateColumns {
		return geocode.Decision{State: geocode.Chosen, Choice: n}
	}
	return geocode.Decision{State: geocode.Chosen, Address: said}
}
