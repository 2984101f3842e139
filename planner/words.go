package planner

// The fixed vocabularies: ids in files, layers and code; names for people.

// Word is one entry of a vocabulary.
type Word struct {
	ID   string
	Name Text
}

// Services are the service type codes of facilities, in the order of screens.
var Services = []Word{
	{"elder_home", Text{"养老机构", "elder care home"}},
	{"home_care_centre", Text{"居家养老服务中心", "home-care service centre"}},
	{"day_care", Text{"居家养老服务照料中心", "village day-care centre"}},
	{"meal_point", Text{"助餐点", "meal point"}},
	{"eco_burial", Text{"节地生态安葬点", "eco-burial site"}},
	{"sea_burial", Text{"海葬点", "sea-burial point"}},
	{"commercial_cemetery", Text{"经营性公墓", "commercial cemetery"}},
	{"child_home", Text{"儿童之家", "child home"}},
	{"social_work_station", Text{"社会工作站", "social-work station"}},
	{"child_protection_station", Text{"未保站", "child-protection station"}},
	{"welfare_union", Text{"康养联合体", "health-care union"}},
	{"rehab_cleaning", Text{"康复辅具洗消场所", "rehabilitation-aid cleaning site"}},
	{"marriage_registry", Text{"婚姻登记机关", "marriage registry"}},
	{"rescue_station", Text{"救助管理站", "relief station"}},
	{"funeral_home", Text{"殡仪馆", "funeral home"}},
	{"rehab_platform", Text{"康复辅具适配服务平台", "rehabilitation-aid fitting platform"}},
	{"relief_union", Text{"救助服务联合体", "relief-service union"}},
	{"relief_point", Text{"社会救助站点", "relief point"}},
	{"child_protection_centre", Text{"未成年人救助保护中心", "child-protection centre"}},
	{"child_welfare_home", Text{"儿童福利机构", "child-welfare home"}},
	{"welfare_home", Text{"社会福利院", "welfare home"}},
	{"residents_parlour", Text{"居民会客厅", "residents' parlour"}},
	{"ngo_park", Text{"社会组织示范园区", "model park of social organisations"}},
	{"ngo_centre", Text{"社会组织服务中心", "service centre of social organisations"}},
	{"ngo_incubator", Text{"慈善和社会组织孵化点", "incubator of charities and social organisations"}},
	{"charity_base", Text{"慈善基地", "charity base"}},
	{"other", Text{"其他", "other"}},
}

// Statuses are the operating statuses of facilities.
var Statuses = []Word{
	{"operating", Text{"运营", "operating"}},
	{"suspended", Text{"停用", "suspended"}},
	{"planned", Text{"在建", "planned"}},
	{"closed", Text{"撤销", "closed"}},
}

// Groups are the population groups by age.
var Groups = []Word{
	{"total", Text{"总人口", "all people"}},
	{"0-15", Text{"0–15岁", "aged 0–15"}},
	{"0-17", Text{"0–17岁", "aged 0–17"}},
	{"60+", Text{"60岁以上", "aged 60+"}},
	{"65+", Text{"65岁以上", "aged 65+"}},
	{"80+", Text{"80岁以上", "aged 80+"}},
}

// Bases are the two ways of counting people; they are never mixed.
var Bases = []Word{
	{"resident", Text{"常住", "resident"}},
	{"registered", Text{"户籍", "registered"}},
}

// Classes are the people classes: each person is in exactly one.
var Classes = []Word{
	{"walk", Text{"步行可达", "within reach on foot"}},
	{"ride", Text{"乘车可达", "within reach by vehicle"}},
	{"home_service", Text{"仅上门服务", "home service only"}},
	{"uncovered", Text{"未覆盖", "not covered"}},
	{"unverified", Text{"待核实", "to be verified"}},
}

// GapKinds say why something is a gap.
var GapKinds = []Word{
	{"no_facility", Text{"无设施", "no facility"}},
	{"walk_time", Text{"步行超时", "too far on foot"}},
	{"river", Text{"江河阻隔", "cut off by a river"}},
	{"island", Text{"海岛不通", "island without connection"}},
	{"idle", Text{"停用空置", "facility out of use"}},
	{"capacity", Text{"容量不足", "capacity short"}},
	{"unmerged", Text{"应并未并", "should be merged"}},
	{"data_missing", Text{"资料缺失", "data missing"}},
}

// Verdicts are the outcomes of a standard in a unit.
var Verdicts = []Word{
	{"met", Text{"已达标", "met"}},
	{"not_met", Text{"未达标", "not met"}},
	{"tracked", Text{"未设定量化目标,仅跟踪", "no quantified target, tracked only"}},
	{"unverified", Text{"待核实", "to be verified"}},
	{"not_applicable", Text{"不适用", "not applicable"}},
	{"contribution", Text{"省级目标,本县贡献", "provincial target, contribution of this county"}},
}

// Levels names the levels of the division tree.
var Levels = []Word{
	{"province", Text{"省", "province"}},
	{"prefecture", Text{"设区市", "prefecture"}},
	{"county", Text{"县(市、区)", "county"}},
	{"township", Text{"乡镇(街道)", "township"}},
	{"village", Text{"村(社区)", "village"}},
}

// Flags mark units in the counties' own lists.
var Flags = []Word{
	{"child_home_required", Text{"应建儿童之家", "should have a child home"}},
	{"meal_demand", Text{"助餐需求", "meal service wanted"}},
}

// Figures are the figures of ledgers (台账) that the built-in plan reads; other plans name their own.
var Figures = []Word{
	{"public", Text{"公办", "publicly owned"}},
	{"regional", Text{"区域性", "regional"}},
	{"certified_care_workers", Text{"持证养老护理员", "certified care workers"}},
	{"certified_social_workers", Text{"持证社会工作者", "certified social workers"}},
	{"community_workers", Text{"专职社区工作者", "community workers"}},
	{"certified_community_workers", Text{"持证专职社区工作者", "certified community workers"}},
	{"child_directors", Text{"儿童主任", "child directors"}},
	{"child_protection_centres", Text{"未成年人救助保护中心", "child-protection centres"}},
	{"operating_child_protection_centres", Text{"实体化运行的未成年人救助保护中心", "child-protection centres in operation"}},
	{"layout_plan", Text{"养老服务设施布局规划", "layout plan of eldercare facilities"}},
	{"meal_delivery", Text{"送餐到村", "meals are delivered"}},
	{"mobile_eldercare_teams", Text{"流动服务队", "mobile eldercare teams"}},
	{"home_care_beds", Text{"家庭养老床位", "home-care beds"}},
	{"free_funeral_services", Text{"免费殡葬服务项数", "free funeral services"}},
	{"funeral_pairings", Text{"殡葬结对", "funeral pairings"}},
	{"resettled_villages", Text{"新时代美丽移民村", "resettled villages"}},
	{"resettlement_sites", Text{"移民安置点", "resettlement sites"}},
	{"township_changes", Text{"乡镇区划调整", "township changes"}},
	{"addressed_facilities", Text{"设施标准地址匹配率", "facilities with a standard address"}},
	{"charities", Text{"慈善组织", "charities"}},
	{"charity_award", Text{"慈善奖", "charity award"}},
	{"subsistence_allowance", Text{"低保年标准", "subsistence allowance"}},
	{"to_farm_or_forest", Text{"距耕地林地", "metres to farmland or forest"}},
	{"to_park_or_heritage", Text{"距公园景区文保", "metres to parks or heritage"}},
	{"to_water", Text{"距水库河堤水源", "metres to water"}},
	{"to_main_road", Text{"距铁路公路干线", "metres to main roads"}},
}

// NameOf finds the name of id in words; the id itself where it is unknown.
func NameOf(words []Word, id string) Text {
	for _, w := range words {
		if w.ID == id {
			return w.Name
		}
	}
	return Text{id, id}
}
