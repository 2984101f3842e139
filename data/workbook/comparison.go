package workbook

import (
	"fmt"
	"io"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/reconcile"
	"github.com/lifecircle/lifecircle/planner/run"
)

// FigureName says in Chinese what a figure of a comparison is.
func FigureName(what string) string {
	if name, ok := map[string]string{"value": "完成值", "numerator": "分子", "denominator": "分母", "gaps": "缺口数"}[what]; ok {
		return name
	}
	parts := strings.Split(what, ".") // people.walk.60+.resident
	if len(parts) != 4 {
		return what
	}
	return planner.NameOf(planner.Bases, parts[3]).ZH + planner.NameOf(planner.Groups, parts[2]).ZH + planner.NameOf(planner.Classes, parts[1]).ZH + "(人)"
}

// Comparison writes what differs between two runs: figures with their causes, in
// the order in which one thing after another was changed, and the gaps.
func Comparison(w io.Writer, c *run.Comparison) error {
	b, err := newBook()
	if err != nil {
		return err
	}
	defer b.file.Close()
	s := b.sheet("变化及原因", paper{a3: true, landscape: true}, 12, 18, 26, 14, 14, 14, 12, 12, 12, 12, 50)
	s.title(fmt.Sprintf("测算%d与测算%d对比", c.From, c.To), "各原因之和等于变化", 2)
	s.head([]string{"指标编号", "区划", "项目", "测算" + fmt.Sprint(c.From), "测算" + fmt.Sprint(c.To), "变化", "其中", "其中", "其中", "其中", "分步"},
		[]string{"", "", "", "", "", "", "数据", "口径", "区划", "软件", ""})
	for _, d := range c.Differences {
		row := []any{d.Standard, d.Name, FigureName(d.What), numeral(d.What, d.Was), numeral(d.What, d.Is), numeral(d.What, d.Is-d.Was)}
		for _, cause := range run.Causes {
			row = append(row, numeral(d.What, d.Cause[cause.ID]))
		}
		var steps []string
		for _, st := range c.Steps {
			if v, ok := d.Steps[st.ID]; ok {
				format := "%s%+.0f"
				if d.What == "value" {
					format = "%s%+.4f"
				}
				steps = append(steps, fmt.Sprintf(format, st.Title.ZH, v))
			}
		}
		s.line(false, append(row, strings.Join(steps, ";"))...)
	}
	var order []string
	for _, st := range c.Steps {
		order = append(order, st.Title.ZH)
	}
	if err := s.close(Foot{Method: "自测算" + fmt.Sprint(c.From) + "起依次替换:" + strings.Join(order, " → ") + ",每步重新测算,差额归于该步。"}); err != nil {
		return err
	}
	s = b.sheet("缺口变化", paper{}, 10, 60)
	s.title("缺口变化", fmt.Sprintf("新增%d、持续%d、消失%d", len(c.New), c.Persisting, len(c.Closed)), 1)
	s.head([]string{"变化", "缺口编号"})
	for _, id := range c.New {
		s.line(false, "新增", id)
	}
	for _, id := range c.Closed {
		s.line(false, "消失", id)
	}
	if err := s.close(Foot{}); err != nil {
		return err
	}
	return b.file.Write(w)
}

// numeral is a figure as it is read: people and numbers whole, values with decimals.
func numeral(what string, v float64) any {
	if what != "value" {
		return int64(v)
	}
	return v
}

// Reconciliation writes the findings of a list held against ours.
func Reconciliation(w io.Writer, file string, r reconcile.Report) error {
	b, err := newBook()
	if err != nil {
		return err
	}
	defer b.file.Close()
	s := b.sheet("对账", paper{landscape: true}, 12, 8, 30, 16, 24, 60)
	var counts []string
	for _, k := range reconcile.Kinds {
		if n := r.Counts[k.ID]; n > 0 {
			counts = append(counts, fmt.Sprintf("%s%d", k.Name.ZH, n))
		}
	}
	s.title("对账清单:"+file, fmt.Sprintf("来表%d条,本库%d条;%s", r.Theirs, r.Ours, strings.Join(counts, "、")), 1)
	s.head([]string{"差异类别", "来表行号", "设施名称", "行政区代码", "本库设施编号", "说明"})
	for _, f := range r.Findings {
		var line any
		if f.Line > 0 {
			line = f.Line
		}
		s.line(false, planner.NameOf(reconcile.Kinds, f.Kind).ZH, line, f.Name, string(f.Unit), f.ID, f.Text.ZH)
	}
	if err := s.close(Foot{Method: "按编号、同县同名、200米内同类依次匹配;点位相距200米以上为点位不符。", Source: Source + ";" + file}); err != nil {
		return err
	}
	return b.file.Write(w)
}
