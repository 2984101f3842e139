package workbook

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data/store"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/ledger"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// Writer writes workbooks of runs.
type Writer struct{ Store *store.Store }

// Workbook writes one run as a workbook: what the viewer may see, as the viewer may
// see it. With a template, a user's own .xlsx, its named cells are filled instead.
// NotFound for a run that is not published.
func (x Writer) Workbook(ctx context.Context, v planner.Viewer, runID int64, template io.Reader, w io.Writer) error {
	f, err := x.open(ctx, runID)
	if err != nil {
		return err
	}
	return x.Store.As(ctx, v, func(tx pgx.Tx) error {
		if err := f.read(ctx, tx, v); err != nil {
			return err
		}
		if template != nil {
			return f.fill(ctx, tx, template, w)
		}
		return f.write(ctx, tx, w)
	})
}

// open reads the run and its plan, with every assumption decided.
func (x Writer) open(ctx context.Context, runID int64) (*figures, error) {
	spec, _, err := x.Store.Spec(ctx, runID)
	if err != nil {
		return nil, err
	}
	f := &figures{}
	if f.record, err = x.Store.Record(ctx, runID); err != nil {
		return nil, err
	}
	text := spec.Standards
	if text == "" {
		text = standard.Zhejiang2021
	}
	plan, err := standard.Parse(text)
	if err == nil {
		f.plan, _, err = plan.With(spec.Set)
	}
	if err != nil {
		return nil, err
	}
	for i, s := range f.plan.Standards {
		if s.Kind == "access_time" && f.access == nil {
			f.access = &f.plan.Standards[i]
		}
	}
	f.foot = Foot{Method: Method(f.record.Summary), Source: Source + ";测算编号" + strconv.FormatInt(runID, 10) + ",数据版本" + strconv.FormatInt(f.record.DataVersion, 10)}
	return f, nil
}

func (f *figures) write(ctx context.Context, tx pgx.Tx, w io.Writer) error {
	b, err := newBook()
	if err != nil {
		return err
	}
	defer b.file.Close()
	lists := pgx.StrictNamedArgs{"run": f.record.ID, "version": f.record.DataVersion}
	for _, part := range []func() error{
		func() error { return f.summary(b) },
		func() error { return f.byCounty(b) },
		func() error { return f.coverageByCounty(b) },
		func() error { return f.byTownship(b) },
		func() error { return f.gaps(ctx, tx, b, lists) },
		func() error { return f.merging(ctx, tx, b, lists) },
		func() error { return f.measures(ctx, tx, b, lists) },
		func() error { return f.special(b) },
		func() error { return f.method(b) },
		func() error { return f.quality(ctx, tx, b) },
	} {
		if err := part(); err != nil {
			return err
		}
	}
	b.file.SetActiveSheet(0)
	return b.file.Write(w)
}

func (f *figures) day() string { return f.record.AsOf.Format("2006年1月2日") }

// gaps is the list of gaps under officials' headings, streamed.
func (f *figures) gaps(ctx context.Context, tx pgx.Tx, b *book, args pgx.StrictNamedArgs) error {
	s := b.gapSheet("缺口清单", gapTitle(f.place, "", f.record.AsOf))
	n := 0
	err := f.eachGap(ctx, tx, args, func(r ledger.Row) error {
		n++
		s.gap(n, r)
		return s.err
	})
	if err != nil {
		return err
	}
	return s.close(f.foot)
}

func (f *figures) eachGap(ctx context.Context, tx pgx.Tx, args pgx.StrictNamedArgs, row func(ledger.Row) error) error {
	return each(ctx, tx, "book_gaps", args, func(rows pgx.Rows) error {
		var r ledger.Row
		if err := rows.Scan(&r.ID, &r.Standard, &r.Unit, &r.Town, &r.Village, &r.Hamlet, &r.Kind, &r.People, &r.People80, &r.NearestName, &r.NearestStatus, &r.Minutes, &r.RideMinutes, &r.Reason.ZH, &r.Measure,
			&r.State, &r.Year, &r.Body, &r.Note); err != nil {
			return err
		}
		return row(r)
	})
}

// merging is the list of separate sites that go into the social-work station (CO-01).
func (f *figures) merging(ctx context.Context, tx pgx.Tx, b *book, args pgx.StrictNamedArgs) error {
	s := b.sheet("整合归并清单", paper{landscape: true}, 6, 18, 18, 60, 16, 16, 10, 14, 26)
	s.title(f.place+"乡镇(街道)服务场所整合归并清单(截至"+f.day()+")", "", 1)
	s.head([]string{"序号", "乡镇(街道)", "村(社区)", "判定依据", "建议措施", "责任单位", "计划年度", "核实结果", "缺口编号"})
	n := 0
	err := f.eachGap(ctx, tx, args, func(r ledger.Row) error {
		if r.Kind != "unmerged" {
			return nil
		}
		n++
		var year any
		if r.Year != nil {
			year = strconv.Itoa(*r.Year)
		}
		s.line(false, n, r.Town, r.Village, r.Reason.ZH, r.Measure, r.Body, year, nameOf(ledger.States, r.State), r.ID)
		return s.err
	})
	if err != nil {
		return err
	}
	return s.close(f.foot)
}

// measures are the gap areas, and what could be done ranked by people gained for the cost.
func (f *figures) measures(ctx context.Context, tx pgx.Tx, b *book, args pgx.StrictNamedArgs) error {
	s := b.sheet("缺口片区", paper{landscape: true}, 6, 16, 34, 16, 14, 12, 16)
	s.title(f.place+"缺口片区(截至"+f.day()+")", "", 1)
	s.head([]string{"序号", "县(市、区)", "片区", "未覆盖60岁以上常住老人(人)", "其中80岁以上(人)", "居民点(个)", "建议措施"})
	n := 0
	err := each(ctx, tx, "book_gap_areas", args, func(r pgx.Rows) error {
		var name, county, measure string
		var people, old, settlements int
		if err := r.Scan(&name, &county, &people, &old, &settlements, &measure); err != nil {
			return err
		}
		n++
		s.line(false, n, county, name, people, old, settlements, measure)
		return s.err
	})
	if err == nil {
		err = s.close(f.foot)
	}
	if err != nil {
		return err
	}
	s = b.sheet("启用还是新建", paper{landscape: true}, 6, 12, 16, 34, 16, 14, 18)
	s.title(f.place+"启用停用点、新建服务点、上门服务比选(截至"+f.day()+")", "按每万元新增受益人数排序;费用为可调口径", 1)
	s.head([]string{"序号", "方式", "县(市、区)", "设施或片区", "新增受益老人(人)", "费用(万元)", "每万元新增受益(人)"})
	err = each(ctx, tx, "book_options", args, func(r pgx.Rows) error {
		var kind, name, county string
		var people, rank int
		var cost float64
		if err := r.Scan(&kind, &name, &county, &people, &cost, &rank); err != nil {
			return err
		}
		s.line(false, rank, map[string]string{"reopen": "启用停用点", "new": "增设服务点", "delivery": "上门(配送)服务"}[kind], county, name, people, tenth(cost), tenth(float64(people)/cost))
		return s.err
	})
	if err != nil {
		return err
	}
	foot := f.foot
	foot.Method += "启用、新建的受益人数为新增步行可达人数,上门服务为片区全部未覆盖人数(计入仅上门服务);上门服务费用为每年。"
	return s.close(foot)
}

// method is every assumption with its value and where it is from, and what the run was made of.
func (f *figures) method(b *book) error {
	s := b.sheet("口径", paper{landscape: true}, 12, 30, 24, 20, 20, 10, 60, 24)
	s.title("测算口径", "", 1)
	s.head([]string{"指标编号", "指标", "口径", "本次取值", "默认值", "是否调整", "说明", "依据"})
	sum := f.record.Summary
	for _, st := range f.plan.Standards {
		for _, a := range st.Assumption {
			value := a.Default
			if sum != nil && sum.Assumptions[a.Name] != "" {
				value = sum.Assumptions[a.Name]
			}
			changed := "否"
			if value != a.Default {
				changed = "是"
			}
			s.line(false, st.ID, st.Title.ZH, a.Name, value, a.Default, changed, a.Text.ZH, a.Source)
		}
	}
	foot := f.foot
	foot.Source += fmt.Sprintf(";标准文件摘要%s;测算摘要%s;引擎%s;路网%s", short(f.plan.Digest()), short(f.record.Digest), f.record.Engine, short(f.record.Network))
	return s.close(foot)
}

func short(digest string) string { return fmt.Sprintf("%.12s", digest) }
