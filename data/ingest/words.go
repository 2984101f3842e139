package ingest

import (
	"strings"

	"github.com/lifecircle/lifecircle/planner"
)

// Words that files use besides the ids and names of the planner's vocabularies.
var (
	statusWords = map[string]string{
		"运营": "operating", "运营中": "operating", "正常": "operating", "正常运营": "operating", "营业": "operating", "在用": "operating", "开放": "operating", "已运营": "operating", "open": "operating", "active": "operating",
		"停用": "suspended", "暂停": "suspended", "暂停运营": "suspended", "暂停服务": "suspended", "停业": "suspended", "停运": "suspended", "空置": "suspended", "闲置": "suspended", "未运营": "suspended",
		"在建": "planned", "规划": "planned", "在建/规划": "planned", "拟建": "planned", "筹建": "planned", "建设中": "planned",
		"撤销": "closed", "关闭": "closed", "关停": "closed", "注销": "closed", "已撤销": "closed",
	}
	serviceWords = map[string]string{
		"敬老院": "elder_home", "养老院": "elder_home", "福利院": "elder_home", "护理院": "elder_home",
		"乡镇居家养老服务中心": "home_care_centre", "居家养老中心": "home_care_centre", "照料中心": "day_care", "日间照料中心": "day_care", "村级照料中心": "day_care",
		"老年食堂": "meal_point", "助餐服务点": "meal_point", "助餐": "meal_point", "生态安葬点": "eco_burial", "节地生态公墓": "eco_burial", "海葬": "sea_burial", "公墓": "commercial_cemetery",
		"儿童之家": "child_home", "社工站": "social_work_station", "未成年人保护站": "child_protection_station", "未成年人保护工作站": "child_protection_station",
		"康复辅具洗消": "rehab_cleaning", "婚姻登记": "marriage_registry", "婚姻登记处": "marriage_registry", "救助站": "rescue_station",
	}
	basisWords = map[string]string{"常住人口": "resident", "户籍人口": "registered", "residents": "resident", "hukou": "registered"}
	groupWords = map[string]string{"合计": "total", "总计": "total", "总人口": "total", "全部": "total", "all": "total", "pop": "total"}
	levelWords = map[string]string{
		"省级": "province", "直辖市": "province", "市": "prefecture", "地级": "prefecture", "地级市": "prefecture", "市级": "prefecture",
		"district": "county", "city": "prefecture", "town": "township", "street": "township", "community": "village",
		"县": "county", "区": "county", "县级": "county", "区县": "county", "县级市": "county",
		"乡": "township", "镇": "township", "街道": "township", "乡镇": "township", "乡级": "township", "乡镇街道": "township",
		"村": "village", "社区": "village", "村社区": "village", "村级": "village", "1": "province", "2": "prefecture", "3": "county", "4": "township", "5": "village",
	}
	exclusionWords = map[string]string{
		"水源保护区": "water_source", "饮用水水源保护区": "water_source", "永久基本农田": "farmland", "基本农田": "farmland", "风景名胜区": "scenic", "风景区": "scenic",
		"堤防": "dyke", "海塘": "dyke", "铁路公路": "railway_road", "铁路": "railway_road", "公路": "railway_road", "住宅": "housing", "居住区": "housing",
		"water_source": "water_source", "farmland": "farmland", "scenic": "scenic", "dyke": "dyke", "railway_road": "railway_road", "housing": "housing",
	}
	yesNo = map[string]bool{
		"是": true, "有": true, "需要": true, "y": true, "yes": true, "true": true, "t": true, "1": true, "√": true,
		"否": false, "无": false, "不需要": false, "n": false, "no": false, "false": false, "f": false, "0": false, "×": false,
	}
)

// lookup finds the id of a word: an id, a Chinese or English name of the
// vocabulary, or a synonym.
func lookup(words []planner.Word, synonyms map[string]string, s string) (string, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	for _, w := range words {
		if s == w.ID || s == strings.ToLower(w.Name.ZH) || s == strings.ToLower(w.Name.EN) {
			return w.ID, true
		}
	}
	id, ok := synonyms[s]
	return id, ok
}

// ageGroup reads "60岁以上", "60岁及以上", "60+", "0-15岁", "0—15 岁".
func ageGroup(s string) (string, bool) {
	s = strings.NewReplacer("岁", "", "及", "", "以上", "+", " ", "", "–", "-", "—", "-", "~", "-", "～", "-", "至", "-", "≥", "").Replace(s)
	if s == "60" || s == "65" || s == "80" {
		s += "+"
	}
	return lookup(planner.Groups, groupWords, s)
}

// names lists a vocabulary for messages.
func names(words []planner.Word) (zh, en string) {
	var z, e []string
	for _, w := range words {
		z, e = append(z, w.Name.ZH), append(e, w.ID)
	}
	return strings.Join(z, "、"), strings.Join(e, ", ")
}
