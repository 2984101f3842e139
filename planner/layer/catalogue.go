package layer

import "github.com/lifecircle/lifecircle/planner"

// Collections are the layers of the product, in the order of the catalogue.
var Collections = []Collection{
	{ID: "units", Title: planner.Text{ZH: "行政区划单元", EN: "Division units"}, Description: planner.Text{ZH: "省、市、县、乡镇、村各级行政区划单元", EN: "Units of every level: province, prefecture, county, township, village"}, Geometry: "MultiPolygon", OfRun: false, Properties: []Property{
		{"code", String, planner.Text{ZH: "区划代码", EN: "division code"}, true},
		{"name", String, planner.Text{ZH: "名称", EN: "name"}, true},
		{"level", String, planner.Text{ZH: "层级", EN: "level"}, true},
		{"parent_code", String, planner.Text{ZH: "上级代码", EN: "parent code"}, true},
		{"reporting_parent", String, planner.Text{ZH: "填报上级", EN: "reporting parent"}, true},
		{"class", String, planner.Text{ZH: "城乡分类", EN: "urban-rural class"}, true},
		{"is_island", Boolean, planner.Text{ZH: "是否海岛", EN: "is an island"}, true},
	}},
	{ID: "places", Title: planner.Text{ZH: "地名", EN: "Places"}, Description: planner.Text{ZH: "标准地名", EN: "Standard place names"}, Geometry: "Point", OfRun: false, Properties: []Property{
		{"place_id", String, planner.Text{ZH: "地名编码", EN: "place id"}, true},
		{"name", String, planner.Text{ZH: "标准名称", EN: "standard name"}, true},
		{"romanisation", String, planner.Text{ZH: "罗马字母拼写", EN: "romanisation"}, false},
		{"aliases", String, planner.Text{ZH: "别名", EN: "aliases"}, false},
		{"class", String, planner.Text{ZH: "类别", EN: "class"}, true},
		{"unit_code", String, planner.Text{ZH: "所在行政区", EN: "unit code"}, true},
	}},
	{ID: "addresses", Title: planner.Text{ZH: "标准地址", EN: "Standard addresses"}, Description: planner.Text{ZH: "标准地址", EN: "Standard addresses"}, Geometry: "Point", OfRun: false, Properties: []Property{
		{"address_id", String, planner.Text{ZH: "地址编码", EN: "address id"}, true},
		{"full_text", String, planner.Text{ZH: "标准地址", EN: "standard address"}, false},
		{"unit_code", String, planner.Text{ZH: "村(社区)代码", EN: "village code"}, true},
		{"street", String, planner.Text{ZH: "街路巷", EN: "street"}, true},
		{"hamlet", String, planner.Text{ZH: "自然村", EN: "hamlet"}, true},
		{"plate", String, planner.Text{ZH: "门牌号", EN: "door plate"}, false},
		{"compound", String, planner.Text{ZH: "小区(院落)", EN: "compound"}, true},
		{"building", String, planner.Text{ZH: "幢", EN: "building"}, false},
		{"use", String, planner.Text{ZH: "用途", EN: "use"}, true},
	}},
	{ID: "facilities", Title: planner.Text{ZH: "民政服务设施", EN: "Facilities"}, Description: planner.Text{ZH: "养老、殡葬、儿童等民政服务设施", EN: "Sites of civil-affairs services"}, Geometry: "Point", OfRun: false, Properties: []Property{
		{"facility_id", String, planner.Text{ZH: "设施编号", EN: "facility id"}, true},
		{"name", String, planner.Text{ZH: "设施名称", EN: "name"}, true},
		{"site_id", String, planner.Text{ZH: "场所编号", EN: "site id"}, true},
		{"services", String, planner.Text{ZH: "服务类型", EN: "services, separated by commas"}, false},
		{"service", String, planner.Text{ZH: "主要服务", EN: "first service"}, true},
		{"unit_code", String, planner.Text{ZH: "所在行政区", EN: "unit code"}, true},
		{"address", String, planner.Text{ZH: "地址", EN: "address"}, false},
		{"status", String, planner.Text{ZH: "运营状态", EN: "status"}, true},
		{"weekly_open_days", Integer, planner.Text{ZH: "每周开放天数", EN: "open days a week"}, false},
		{"opened", Date, planner.Text{ZH: "启用日期", EN: "opened"}, false},
		{"closed", Date, planner.Text{ZH: "停用日期", EN: "closed"}, false},
		{"beds", Integer, planner.Text{ZH: "床位数(张)", EN: "beds"}, false},
		{"nursing_beds", Integer, planner.Text{ZH: "护理型床位数(张)", EN: "nursing beds"}, false},
		{"capacity_left", Integer, planner.Text{ZH: "剩余容量", EN: "capacity left"}, false},
		{"address_id", String, planner.Text{ZH: "标准地址编码", EN: "id of its standard address"}, true},
		{"position_level", String, planner.Text{ZH: "位置来源级别(空为原坐标)", EN: "level of the address that gave the position; none when delivered"}, true},
		{"position_score", Number, planner.Text{ZH: "位置得分", EN: "score of that address, 0 to 1"}, false},
	}},
	{ID: "circles", Title: planner.Text{ZH: "生活圈", EN: "Circles"}, Description: planner.Text{ZH: "设施的生活圈:规定时间内可到达设施的范围", EN: "Area from which a facility is reached within the minutes"}, Geometry: "MultiPolygon", OfRun: true, Properties: []Property{
		{"facility_id", String, planner.Text{ZH: "设施编号", EN: "facility id"}, true},
		{"name", String, planner.Text{ZH: "设施名称", EN: "facility name"}, true},
		{"service", String, planner.Text{ZH: "服务类型", EN: "service"}, true},
		{"profile", String, planner.Text{ZH: "出行方式", EN: "travel profile"}, true},
		{"minutes", Integer, planner.Text{ZH: "分钟", EN: "minutes"}, true},
		{"unit_code", String, planner.Text{ZH: "所在行政区", EN: "unit code"}, true},
		{"group", String, planner.Text{ZH: "人群", EN: "population group"}, true},
		{"people", Integer, planner.Text{ZH: "圈内人数(人)", EN: "people inside"}, false},
		{"run_id", String, planner.Text{ZH: "测算编号", EN: "run id"}, false},
	}},
	{ID: "coverage", Title: planner.Text{ZH: "覆盖情况", EN: "Coverage"}, Description: planner.Text{ZH: "各级单元各类人群的覆盖情况", EN: "People of each unit by class of coverage"}, Geometry: "MultiPolygon", OfRun: true, Properties: []Property{
		{"unit_code", String, planner.Text{ZH: "区划代码", EN: "unit code"}, true},
		{"name", String, planner.Text{ZH: "名称", EN: "name"}, true},
		{"level", String, planner.Text{ZH: "层级", EN: "level"}, true},
		{"standard", String, planner.Text{ZH: "标准", EN: "standard"}, true},
		{"group", String, planner.Text{ZH: "人群", EN: "population group"}, true},
		{"population_basis", String, planner.Text{ZH: "人口口径", EN: "population basis"}, true},
		{"profile", String, planner.Text{ZH: "出行方式", EN: "travel profile"}, true},
		{"minutes", Integer, planner.Text{ZH: "分钟", EN: "minutes"}, false},
		{"class", String, planner.Text{ZH: "可达类别", EN: "class"}, true},
		{"total", Integer, planner.Text{ZH: "总人数(人)", EN: "people in all"}, false},
		{"people", Integer, planner.Text{ZH: "人数(人)", EN: "people of the class"}, false},
		{"share", Number, planner.Text{ZH: "占比", EN: "share of the total, 0 to 1"}, false},
		{"verdict", String, planner.Text{ZH: "结论", EN: "verdict"}, true},
		{"run_id", String, planner.Text{ZH: "测算编号", EN: "run id"}, false},
	}},
	{ID: "gaps", Title: planner.Text{ZH: "缺口", EN: "Gaps"}, Description: planner.Text{ZH: "各单元对照标准所缺", EN: "What a standard lacks in a unit"}, Geometry: "Point", OfRun: true, Properties: []Property{
		{"gap_id", String, planner.Text{ZH: "缺口编号", EN: "gap id"}, true},
		{"standard", String, planner.Text{ZH: "标准", EN: "standard"}, true},
		{"unit_code", String, planner.Text{ZH: "区划代码", EN: "unit code"}, true},
		{"name", String, planner.Text{ZH: "名称", EN: "unit name"}, true},
		{"kind", String, planner.Text{ZH: "缺口类型", EN: "kind"}, true},
		{"group", String, planner.Text{ZH: "人群", EN: "population group"}, true},
		{"people", Integer, planner.Text{ZH: "人数(人)", EN: "people"}, false},
		{"nearest_facility_id", String, planner.Text{ZH: "最近设施编号", EN: "nearest facility id"}, false},
		{"nearest_name", String, planner.Text{ZH: "最近设施", EN: "nearest facility"}, false},
		{"minutes", Number, planner.Text{ZH: "步行时间(分钟)", EN: "minutes on foot"}, false},
		{"ride_minutes", Number, planner.Text{ZH: "乘车时间(分钟)", EN: "minutes by vehicle"}, false},
		{"rank", Integer, planner.Text{ZH: "排序", EN: "rank by people"}, false},
		{"reason", String, planner.Text{ZH: "判定依据", EN: "reason (Chinese)"}, false},
		{"reason_en", String, planner.Text{ZH: "判定依据(英文)", EN: "reason (English)"}, false},
		{"measure", String, planner.Text{ZH: "建议措施", EN: "proposed measure"}, true},
		{"run_id", String, planner.Text{ZH: "测算编号", EN: "run id"}, false},
	}},
	{ID: "candidates", Title: planner.Text{ZH: "候选点", EN: "Candidate sites"}, Description: planner.Text{ZH: "布点候选点", EN: "Candidate sites for new facilities"}, Geometry: "Point", OfRun: false, Properties: []Property{
		{"candidate_id", String, planner.Text{ZH: "候选点编号", EN: "candidate id"}, true},
		{"name", String, planner.Text{ZH: "名称", EN: "name"}, true},
		{"service", String, planner.Text{ZH: "服务类型", EN: "service"}, true},
		{"unit_code", String, planner.Text{ZH: "区划代码", EN: "unit code"}, true},
		{"kind", String, planner.Text{ZH: "来源", EN: "kind"}, true},
	}},
	{ID: "demand", Title: planner.Text{ZH: "需求(汇总)", EN: "Demand"}, Description: planner.Text{ZH: "各村人口需求汇总", EN: "People of each village, aggregated from demand points"}, Geometry: "Point", OfRun: true, Properties: []Property{
		{"unit_code", String, planner.Text{ZH: "区划代码", EN: "unit code"}, true},
		{"name", String, planner.Text{ZH: "名称", EN: "name"}, true},
		{"group", String, planner.Text{ZH: "人群", EN: "population group"}, true},
		{"population_basis", String, planner.Text{ZH: "人口口径", EN: "population basis"}, true},
		{"people", Integer, planner.Text{ZH: "人数(人)", EN: "people"}, false},
		{"points", Integer, planner.Text{ZH: "需求点数", EN: "demand points"}, false},
		{"method", String, planner.Text{ZH: "分配方法", EN: "how people were placed"}, true},
		{"run_id", String, planner.Text{ZH: "测算编号", EN: "run id"}, false},
	}},
}

// ByID finds a collection.
func ByID(id string) (Collection, bool) {
	for _, c := range Collections {
		if c.ID == id {
			return c, true
		}
	}
	return Collection{}, false
}
