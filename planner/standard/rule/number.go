package rule

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
)

// amount writes a number with separators and at most two decimals: 86,240 or 1.5.
func amount(v float64) string { return digits(v, 2) }

// against is amount with more decimals where two would show what falls short as
// if it reached the bound (24.996 is never 25).
func against(v, bound float64) string {
	decimals := 2
	for v < bound && decimals < 6 && rounded(v, decimals) >= bound {
		decimals++
	}
	return digits(v, decimals)
}

func digits(v float64, decimals int) string {
	s := strconv.FormatFloat(rounded(v, decimals), 'f', -1, 64)
	whole, rest, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		rest = "." + rest
	}
	return sign + whole + rest
}

// percent writes a share with one decimal, with more where one would show a
// share that falls short as if it reached the threshold (57.96% is never 58.0%).
func percent(v float64, threshold *float64) string {
	decimals := 1
	if threshold != nil && v < *threshold {
		for decimals < 6 && rounded(100*v, decimals) >= 100**threshold {
			decimals++
		}
	}
	return strconv.FormatFloat(100*v, 'f', decimals, 64) + "%"
}

func rounded(v float64, decimals int) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', decimals, 64), 64)
	return r
}

// plain writes a threshold as it is meant: 58%, 0.5%.
func plain(share float64) string {
	return strconv.FormatFloat(rounded(100*share, 4), 'f', -1, 64) + "%"
}

// sentence makes one text of both languages from parts; an empty part is left out.
func sentence(parts ...planner.Text) planner.Text {
	var zh, en []string
	for _, p := range parts {
		if p.ZH != "" {
			zh, en = append(zh, p.ZH), append(en, p.EN)
		}
	}
	return planner.Text{ZH: strings.Join(zh, ",") + "。", EN: strings.Join(en, "; ") + "."}
}

func textf(zh, en string, args ...any) planner.Text {
	return planner.Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}
}

// target tells the share that is asked for, or that none is.
func target(share *float64) planner.Text {
	if share == nil {
		return planner.Text{ZH: "未设定量化目标,仅跟踪", EN: "no quantified target, tracked only"}
	}
	return textf("目标不低于%s", "target at least %s", plain(*share))
}

// missing tells how many rows say nothing.
func missing(n int) planner.Text {
	if n == 0 {
		return planner.Text{}
	}
	return textf("%d个缺资料", "%d without data", n)
}

// points tells by how many percentage points a share falls short.
func points(value, share float64) planner.Text {
	p := strconv.FormatFloat(math.Ceil(rounded(1000*(share-value), 6))/10, 'f', 1, 64)
	return planner.Text{ZH: p + "个百分点", EN: p + " percentage points"}
}

func value(v float64) *float64 { return &v }

// Figure writes the value of an answer as its rule kind counts it: 12个, 52.0%, 18.3, 12,800元/年.
func Figure(a Answer, kind string, in planner.Text) planner.Text {
	switch v := *a.Value; {
	case kind == "count_min":
		return planner.Text{ZH: amount(v) + "个", EN: amount(v)}
	case kind == "share_min":
		return planner.Text{ZH: percent(v, a.Threshold), EN: percent(v, a.Threshold)}
	case in.ZH != "":
		return planner.Text{ZH: amount(v) + in.ZH, EN: amount(v) + " " + in.EN}
	default:
		return planner.Text{ZH: amount(v), EN: amount(v)}
	}
}
