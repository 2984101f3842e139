package workbook

import (
	"context"
	"math"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/run"
	"github.com/lifecircle/lifecircle/planner/standard"
)

// headline is the one sentence above all: the run's own for whoever sees all of it,
// else that of the viewer's unit.
func (f *figures) headline() (headline, band string) {
	if f.access == nil {
		return "", ""
	}
	all := f.coverage[f.top.code][f.main()]
	if sum := f.record.Summary; sum != nil && sum.Headline.ZH != "" && len(f.record.Units) > 0 && f.whole() {
		for _, s := range sum.Standards {
			if s.ID == f.access.ID {
				band = s.BandText.ZH
			}
		}
		return sum.Headline.ZH, band
	}
	if all.people == nil || all.total < 0 {
		return "本单元人数较少或未测算,不列示。", ""
	}
	towns, villages := 0, 0
	for u, n := range f.uncovered {
		if u.Level() == planner.Township && u.Ancestor(f.top.level) == f.top.code {
			towns, villages = towns+1, villages+n
		}
	}
	fig := &run.StandardFigure{Total: all.total, People: all.people}
	text := run.Headline(planner.Text{ZH: f.place}, *f.access, fig, towns, villages, f.record.AsOf).ZH
	if b, ok := f.bands[f.top.code]; ok && b[2] > 0 {
		band = "步行可达率随口径在" + percent(b[0], b[2]) + "至" + percent(b[1], b[2]) + "之间。"
	}
	return text, band
}

// whole tells whether the viewer sees every unit of the run.
func (f *figures) whole() bool {
	return !slices.ContainsFunc(f.record.Units, func(u planner.Code) bool {
		return !slices.ContainsFunc(f.units, func(x unit) bool { return x.code == u })
	})
}

// target is what a standard asks for.
func target(s standard.Standard) any {
	switch {
	case !s.Hard:
		return "未设定"
	case s.Least != nil:
		return counting(*s.Least)
	case s.Threshold != nil:
		return share(*s.Threshold)
	case s.Kind == "access_time" || s.Kind == "access_distance":
		return "未设定"
	case s.Most != nil:
		return counting(*s.Most)
	}
	return share(1) // each of those judged
}

// value writes a figure as its kind is written.
func value(s standard.Standard, x verdict) any {
	switch {
	case x.value == nil:
		return nil
	case s.Kind == "count_min" || s.Kind == "tracked_only" || s.Kind == "indicator" || s.Kind == "ratio_min":
		return counting(*x.value)
	}
	return share(*x.value)
}

// counting is a whole number as one, any other with a decimal.
func counting(v float64) any {
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		return int64(v)
	}
	return tenth(v)
}

func (f *figures) summary(b *book) error {
	s := b.sheet("汇总", paper{landscape: true}, 6, 12, 32, 10, 44, 12, 12, 26, 52)
	headline, band := f.headline()
	s.title(f.place+"民政事业高质量发展指标测算汇总表(截至"+f.day()+")", "", 0)
	for _, line := range []string{headline, band} {
		if line != "" {
			s.across(footStyle, s.height(line), line)
		}
	}
	s.head([]string{"序号", "指标编号", "指标", "条款", "原文", "目标值", "完成值", "判定", "依据"})
	for i, st := range f.plan.Standards {
		x, ok := f.verdicts[st.ID][f.top.code]
		if !ok {
			x.text = "不适用"
			if st.Unit.Level() > f.top.level || len(f.verdicts[st.ID]) == 0 {
				x.text = "待核实"
			}
		}
		s.line(false, i+1, st.ID, st.Title.ZH, st.Clause, st.Quote, target(st), value(st, x), x.text, x.reason)
	}
	return s.close(f.foot)
}

// cities are the units between the top and the counties, or the top itself.
func (f *figures) cities() []unit {
	if f.top.level >= planner.Prefecture {
		return []unit{f.top}
	}
	return f.below(f.top.code, planner.Prefecture)
}

// byCounty is every standard in every county, with the figure of each city and of the whole.
func (f *figures) byCounty(b *book) error {
	s := b.sheet("分县指标", paper{a3: true, landscape: true}, 11, 34, 14, 18, 12, 12, 12, 12, 26, 50)
	s.title(f.place+"分县(市、区)指标完成情况(截至"+f.day()+")", "", 2)
	s.head([]string{"指标", "指标", "区划", "区划", "分子", "分母", "完成值", "目标值", "判定", "依据"},
		[]string{"编号", "名称", "设区市", "县(市、区)", "", "", "", "", "", ""})
	row := func(bold bool, st standard.Standard, city, county string, u planner.Code) {
		x, ok := f.verdicts[st.ID][u]
		if !ok {
			return
		}
		s.line(bold, st.ID, st.Title.ZH, city, county, number(x.numerator), number(x.denominator), value(st, x), target(st), x.text, x.reason)
	}
	for _, st := range f.plan.Standards {
		if f.top.level < planner.County {
			row(true, st, f.place, "合计", f.top.code)
		}
		for _, city := range f.cities() {
			if city.level == planner.Prefecture && city.code != f.top.code {
				row(true, st, city.name, "小计", city.code)
			}
			counties := f.below(city.code, planner.County)
			for _, c := range counties {
				name := c.name
				if c.zone {
					name = "其中:" + name
				}
				row(false, st, f.names[c.code.Ancestor(planner.Prefecture)], name, c.code)
			}
		}
	}
	return s.close(f.foot)
}

func number(n *int64) any {
	if n == nil {
		return nil
	}
	return *n
}

// coverHeads are the headings of people by class; two rows.
var coverHeads = [2][]string{
	{"常住60岁以上老人(人)", "步行可达", "步行可达", "乘车可达", "乘车可达", "仅上门服务(人)", "未覆盖", "未覆盖", "未覆盖", "待核实(人)", "口径区间(步行可达)", "口径区间(步行可达)", "户籍60岁以上", "户籍60岁以上", "常住80岁以上", "常住80岁以上"},
	{"", "人数(人)", "占比", "人数(人)", "占比", "", "人数(人)", "占比", "村(个)", "", "最低", "最高", "人数(人)", "步行可达占比", "人数(人)", "步行可达占比"},
}

func (f *figures) covered(u planner.Code) []any {
	c, ok := f.coverage[u][f.main()]
	if !ok || c.total < 0 {
		return make([]any, len(coverHeads[0]))
	}
	part := func(class string) (any, any) {
		n := c.people[class]
		if n < 0 || c.total == 0 {
			return nil, nil
		}
		return n, share(float64(n) / float64(c.total))
	}
	walk, walks := part("walk")
	ride, rides := part("ride")
	home, _ := part("home_service")
	none, nones := part("uncovered")
	open, _ := part("unverified")
	row := []any{c.total, walk, walks, ride, rides, home, none, nones, f.uncovered[u], open, nil, nil}
	if b, ok := f.bands[u]; ok && b[2] > 0 {
		row[10], row[11] = share(float64(b[0])/float64(b[2])), share(float64(b[1])/float64(b[2]))
	}
	for _, beside := range []cohort{{f.access.ID, "60+", "registered"}, {f.access.ID, "80+", "resident"}} {
		x, ok := f.coverage[u][beside]
		if !ok || x.total <= 0 || x.people["walk"] < 0 {
			row = append(row, nil, nil)
			continue
		}
		row = append(row, x.total, share(float64(x.people["walk"])/float64(x.total)))
	}
	return row
}

// coverageByCounty is the circle by county, with totals by city that are the sums of their parts.
func (f *figures) coverageByCounty(b *book) error {
	if f.access == nil {
		return nil
	}
	s := b.sheet("生活圈分县", paper{a3: true, landscape: true}, append([]float64{14, 18}, wide(len(coverHeads[0]), 12)...)...)
	s.title(f.place+f.access.Title.ZH+"覆盖情况(截至"+f.day()+")", "", 2)
	s.head(append([]string{"设区市", "县(市、区)"}, coverHeads[0]...), append([]string{"", ""}, coverHeads[1]...))
	if f.top.level < planner.County {
		s.line(true, append([]any{f.place, "合计"}, f.covered(f.top.code)...)...)
	}
	for _, city := range f.cities() {
		if city.level == planner.Prefecture && city.code != f.top.code {
			s.line(true, append([]any{city.name, "小计"}, f.covered(city.code)...)...)
		}
		for _, c := range f.below(city.code, planner.County) {
			name := c.name
			if c.zone {
				name = "其中:" + name
			}
			s.line(false, append([]any{f.names[c.code.Ancestor(planner.Prefecture)], name}, f.covered(c.code)...)...)
		}
	}
	return s.close(f.foot)
}

func wide(n int, width float64) []float64 {
	all := make([]float64, n)
	for i := range all {
		all[i] = width
	}
	return all
}

// byTownship is the circle and every standard of townships, with totals by county and city.
func (f *figures) byTownship(b *book) error {
	var judged []standard.Standard
	for _, st := range f.plan.Standards {
		if st.Unit.Judges(planner.Township) && len(f.verdicts[st.ID]) > 0 {
			judged = append(judged, st)
		}
	}
	heads := [2][]string{{"设区市", "县(市、区)", "乡镇(街道)"}, {"", "", ""}}
	widths := []float64{12, 14, 16}
	if f.access != nil {
		heads[0], heads[1] = append(heads[0], coverHeads[0][:10]...), append(heads[1], coverHeads[1][:10]...)
		widths = append(widths, wide(10, 10)...)
	}
	for _, st := range judged {
		heads[0], heads[1] = append(heads[0], "达标情况"), append(heads[1], st.ID+" "+st.Title.ZH)
		widths = append(widths, 16)
	}
	s := b.sheet("分乡镇", paper{a3: true, landscape: true}, widths...)
	s.title(f.place+"分乡镇(街道)情况(截至"+f.day()+")", "", 2)
	s.head(heads[0], heads[1])
	row := func(bold bool, city, county, town string, u planner.Code) {
		cells := []any{city, county, town}
		if f.access != nil {
			cells = append(cells, f.covered(u)[:10]...)
		}
		for _, st := range judged {
			cells = append(cells, f.verdicts[st.ID][u].text)
		}
		s.line(bold, cells...)
	}
	for _, city := range f.cities() {
		if city.level == planner.Prefecture {
			row(true, city.name, "小计", "", city.code)
		}
		counties := f.below(city.code, planner.County)
		if city.level > planner.County {
			counties = nil
			for _, t := range append([]unit{city}, f.below(city.code, planner.Township)...) {
				if t.level == planner.Township {
					row(false, f.names[t.code.Ancestor(planner.Prefecture)], f.names[t.code.Ancestor(planner.County)], t.name, t.code)
					break
				}
			}
		}
		for _, c := range counties {
			row(true, f.names[c.code.Ancestor(planner.Prefecture)], c.name, "小计", c.code)
			for _, t := range f.below(c.code, planner.Township) {
				row(false, f.names[c.code.Ancestor(planner.Prefecture)], c.name, t.name, t.code)
			}
		}
	}
	return s.close(f.foot)
}

// special compares the plan's special areas with all other counties.
func (f *figures) special(b *book) error {
	s := b.sheet("特殊区域", paper{landscape: true}, 11, 36, 26, 10, 14, 14, 14, 14, 40)
	s.title(f.place+"特殊区域与其他地区对比(截至"+f.day()+")", "", 1)
	s.head([]string{"指标编号", "指标", "特殊区域", "县数(个)", "区域内", "其他地区", "全部", "差距(百分点)", "名单说明"})
	for _, a := range f.plan.Areas {
		inside := map[planner.Code]bool{}
		for _, u := range a.Units {
			inside[u] = true
		}
		n := 0
		for _, u := range f.units {
			if u.level == planner.County && inside[u.code] {
				n++
			}
		}
		note := a.Source + ";自" + a.From + "起"
		if a.Until != "" {
			note += ",至" + a.Until + "止"
			if a.Until <= f.record.AsOf.Format("2006-01-02") {
				note += "(评估日名单已调整)"
			}
		}
		if n == 0 {
			s.line(false, "", "", a.Title.ZH, n, nil, nil, nil, nil, "本次范围内没有名单中的县;"+note)
			continue
		}
		for _, st := range f.plan.Standards {
			var sums [2][2]float64 // inside, outside: part, whole
			for _, u := range f.units {
				x, ok := f.verdicts[st.ID][u.code]
				if u.level != planner.County || u.zone || !ok || x.value == nil || x.numerator == nil || x.denominator == nil || *x.denominator == 0 {
					continue
				}
				i := 1
				if inside[u.code] {
					i = 0
				}
				sums[i][0], sums[i][1] = sums[i][0]+float64(*x.numerator), sums[i][1]+float64(*x.denominator)
			}
			if sums[0][1]+sums[1][1] == 0 {
				continue
			}
			scale := 1.0
			if st.Kind == "ratio_min" {
				scale = float64(st.Per)
			}
			write := func(part, whole float64) any {
				switch {
				case whole == 0:
					return nil
				case st.Kind == "ratio_min":
					return tenth(part * scale / whole)
				}
				return share(part / whole)
			}
			var gap any
			if sums[0][1] > 0 && sums[1][1] > 0 && st.Kind != "ratio_min" {
				gap = tenth(100 * (sums[0][0]/sums[0][1] - sums[1][0]/sums[1][1]))
			}
			s.line(false, st.ID, st.Title.ZH, a.Title.ZH, n, write(sums[0][0], sums[0][1]), write(sums[1][0], sums[1][1]), write(sums[0][0]+sums[1][0], sums[0][1]+sums[1][1]), gap, note)
		}
	}
	return s.close(f.foot)
}

// quality is what is wrong or missing in the data, first how often, then row by row.
func (f *figures) quality(ctx context.Context, tx pgx.Tx, b *book) error {
	s := b.sheet("数据质量", paper{landscape: true}, 8, 26, 34, 16, 90)
	s.title("数据质量清单(截至"+f.day()+")", "", 1)
	s.head([]string{"序号", "类别", "对象", "行政区代码", "说明"})
	if sum := f.record.Summary; sum != nil && f.whole() {
		for _, q := range sum.Quality {
			s.line(true, nil, "合计", q.Count, "", q.Text.ZH)
		}
	}
	n := 0
	err := each(ctx, tx, "book_quality", pgx.StrictNamedArgs{"run": f.record.ID}, func(r pgx.Rows) error {
		var kind, subject, text string
		var u string
		if err := r.Scan(&kind, &subject, &u, &text); err != nil {
			return err
		}
		n++
		s.line(false, n, nameOf(run.QualityKinds, kind), subject, u, text)
		return s.err
	})
	if err != nil {
		return err
	}
	return s.close(f.foot)
}

func percent(part, whole int) string {
	return strings.TrimSpace(run.Percent(float64(part) / float64(whole)))
}
