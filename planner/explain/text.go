package explain

import (
	"fmt"
	"math"

	"github.com/lifecircle/lifecircle/geo/graph"
	"github.com/lifecircle/lifecircle/geo/travel"
	"github.com/lifecircle/lifecircle/planner"
)

// Text says a finding in a sentence. river names the water of an obstacle, "" where nobody knows.
func (f *Finding) Text(c Case, mode graph.Access, river string) planner.Text {
	by := map[graph.Access]planner.Text{graph.Foot: {ZH: "步行", EN: "on foot"}, graph.Bicycle: {ZH: "骑行", EN: "riding"}, graph.Car: {ZH: "乘车", EN: "by vehicle"}}[mode]
	say := func(zh, en string) planner.Text { return planner.Text{ZH: zh, EN: en} }
	there := say("", "")
	if len(f.Ways) > 0 {
		w := f.Ways[0]
		there = say(fmt.Sprintf("%s到最近的%s需%s分钟", by.ZH, c.called(w.Site, "设施"), minutes(w.Millis)),
			fmt.Sprintf("it takes %s minutes %s to the nearest, %s", minutes(w.Millis), by.EN, c.called(w.Site, "the facility")))
	}
	water := say("水域", "water")
	if river != "" {
		water = say(river, river)
	}
	switch f.Class {
	case Within:
		return say(there.ZH+",在时限以内。", there.EN+", which is within the limit.")
	case NoNetwork:
		switch {
		case f.Reason == "across_water":
			return say("最近的道路在水域对岸,附近没有可走的道路。", "the nearest street lies across water; there is no other near.")
		case f.Place == nil:
			return say(fmt.Sprintf("附近%d米内没有道路。", snapMetres), fmt.Sprintf("there is no street within %d m.", snapMetres))
		case len(c.Sites) == 0:
			return say("没有可到的设施。", "there is no facility to go to.")
		}
		return say(fmt.Sprintf("设施附近%d米内都没有道路。", snapMetres), fmt.Sprintf("no facility has a street within %d m.", snapMetres))
	case OtherComponent:
		zh := fmt.Sprintf("所在路网(%.1f公里)与有设施的路网不相连", f.Streets/1000)
		en := fmt.Sprintf("the streets here (%.1f km) are not joined to those of any facility", f.Streets/1000)
		if f.Obstacle != nil {
			return say(zh+",中间隔着"+water.ZH+",没有桥梁或渡口。", en+": "+water.EN+" lies between, without a bridge or ferry.")
		}
		return say(zh+"。", en+".")
	case Barrier:
		site := c.called(f.Obstacle.Site, "设施")
		siteEN := c.called(f.Obstacle.Site, "the facility")
		now := say("；现在没有路可到。", "; there is no other way.")
		if len(f.Ways) > 0 {
			now = say("；现在"+there.ZH+"。", "; as it is, "+there.EN+".")
		}
		if f.Obstacle.Kind == Water {
			return say("与"+site+"之间隔着"+water.ZH+now.ZH, water.EN+" lies between here and "+siteEN+now.EN)
		}
		what := map[string]planner.Text{Private: {ZH: "私有通道", EN: "a private way"}, Gate: {ZH: "门禁或路障", EN: "a gate or barrier"}, Closed: {ZH: "禁止通行的道路", EN: "a street closed to them"}}[f.Obstacle.Kind]
		return say(fmt.Sprintf("到%s的路被%s阻断,若开放%s%s分钟可到%s", site, what.ZH, by.ZH, minutes(f.Obstacle.Open.Millis), now.ZH),
			fmt.Sprintf("%s bars the way to %s, %s minutes %s if it were open%s", what.EN, siteEN, minutes(f.Obstacle.Open.Millis), by.EN, now.EN))
	}
	if len(f.Ways) == 0 {
		return say(fmt.Sprintf("%s%d分钟内没有可到的设施。", by.ZH, farthest/60_000), fmt.Sprintf("no facility within %d minutes %s.", farthest/60_000, by.EN))
	}
	over := fmt.Sprintf("%.1f", Minutes(f.Ways[0].Millis)-float64(c.Limit)/60_000)
	return say(there.ZH+",超出"+over+"分钟。", there.EN+": "+over+" minutes too far.")
}

// Minutes rounds up to a tenth, as runs do: what is told as 15.0 minutes is within 15.
func Minutes(ms travel.Millis) float64 { return math.Ceil(float64(ms)/6000) / 10 }

func minutes(ms travel.Millis) string { return fmt.Sprintf("%.1f", Minutes(ms)) }

// called is a site's name, or a word for one without.
func (c Case) called(site int, instead string) string {
	if name := c.Sites[site].Name; name != "" {
		return name
	}
	return instead
}
