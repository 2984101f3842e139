package address

import (
	"strings"
	"testing"
)

// tags abbreviate the levels in the table below.
var tags = map[Level]string{Province: "省", Prefecture: "市", County: "县", Township: "乡", Village: "村", Street: "街", Hamlet: "组",
	Plate: "号", Compound: "院", Building: "幢", Entrance: "元", Floor: "层", Room: "室", Rest: "余"}

func tagged(elements []Element) string {
	var out []string
	for _, e := range elements {
		out = append(out, tags[e.Level]+":"+e.Text)
	}
	return strings.Join(out, " ")
}

// forms are invented addresses of every form that the parser must read.
var forms = []struct{ name, text, want string }{
	{"full urban", "浙江省杭州市西湖区北山街道曙光社区曙光路85号3幢2单元501室", "省:浙江省 市:杭州市 县:西湖区 乡:北山街道 村:曙光社区 街:曙光路 号:85号 幢:3幢 元:2单元 室:501室"},
	{"lane", "浙江省宁波市海曙区月湖街道平桥社区柳汀街128弄15号302室", "省:浙江省 市:宁波市 县:海曙区 乡:月湖街道 村:平桥社区 街:柳汀街 号:128弄 幢:15号 室:302室"},
	{"estate first", "浙江省金华市义乌市稠城街道桂花社区丹溪小区12幢3单元602室", "省:浙江省 市:金华市 县:义乌市 乡:稠城街道 村:桂花社区 院:丹溪小区 幢:12幢 元:3单元 室:602室"},
	{"rural hamlet", "浙江省丽水市景宁畲族自治县东坑镇白鹤村下垟自然村12号", "省:浙江省 市:丽水市 县:景宁畲族自治县 乡:东坑镇 村:白鹤村 组:下垟自然村 号:12号"},
	{"group", "浙江省台州市仙居县上张乡苗辽村3组45号", "省:浙江省 市:台州市 县:仙居县 乡:上张乡 村:苗辽村 组:3组 号:45号"},
	{"island", "浙江省舟山市嵊泗县枸杞乡里西村海景路9号", "省:浙江省 市:舟山市 县:嵊泗县 乡:枸杞乡 村:里西村 街:海景路 号:9号"},
	{"no township", "浙江省温州市龙港市河底社区站港路208号", "省:浙江省 市:温州市 县:龙港市 村:河底社区 街:站港路 号:208号"},
	{"no province", "绍兴市越城区塔山街道鲁迅中路241号", "市:绍兴市 县:越城区 乡:塔山街道 街:鲁迅中路 号:241号"},
	{"no city", "浙江省桐庐县分水镇院士路18号", "省:浙江省 县:桐庐县 乡:分水镇 街:院士路 号:18号"},
	{"county only", "安吉县天荒坪镇大溪村", "县:安吉县 乡:天荒坪镇 村:大溪村"},
	{"short names", "浙江杭州余杭良渚街道古墩路1号", "省:浙江 市:杭州 县:余杭 乡:良渚街道 街:古墩路 号:1号"},
	{"short county", "景宁县红星街道人民中路12号", "县:景宁县 乡:红星街道 街:人民中路 号:12号"},
	{"short autonomous", "云南大理州巍山县南诏镇文华路6号", "省:云南 市:大理州 县:巍山县 乡:南诏镇 街:文华路 号:6号"},
	{"old county", "杭州市江干区凯旋街道景昙路9号", "市:杭州市 县:江干区 乡:凯旋街道 街:景昙路 号:9号"},
	{"old membership", "余杭区临平街道邱山大街77号", "县:余杭区 乡:临平街道 街:邱山大街 号:77号"},
	{"old county city", "浙江省富阳市鹿山街道江滨西大道10号", "省:浙江省 县:富阳市 乡:鹿山街道 街:江滨西大道 号:10号"},
	{"withdrawn prefecture", "西藏自治区那曲地区索县亚拉镇", "省:西藏自治区 市:那曲地区 县:索县 乡:亚拉镇"},
	{"municipality", "上海市静安区南京西路1038号", "市:上海市 县:静安区 街:南京西路 号:1038号"},
	{"municipality lane", "上海市长宁区虹桥路996弄6号楼402室", "市:上海市 县:长宁区 街:虹桥路 号:996弄 幢:6号楼 室:402室"},
	{"Beijing yard", "北京市海淀区学院路甲38号院7号楼2门601", "市:北京市 县:海淀区 街:学院路 号:甲38号院 幢:7号楼 元:2门 室:601"},
	{"hutong", "北京市东城区东四十条胡同22号", "市:北京市 县:东城区 街:东四十条胡同 号:22号"},
	{"same name prefecture and province", "吉林省吉林市船营区北京路5号", "省:吉林省 市:吉林市 县:船营区 街:北京路 号:5号"},
	{"no county prefecture", "广东省东莞市虎门镇连升路15号", "省:广东省 市:东莞市 乡:虎门镇 街:连升路 号:15号"},
	{"banner", "内蒙古自治区赤峰市巴林右旗大板镇巴林路", "省:内蒙古自治区 市:赤峰市 县:巴林右旗 乡:大板镇 街:巴林路"},
	{"corps city", "新疆石河子市北三路12号", "省:新疆 县:石河子市 街:北三路 号:12号"},
	{"Hong Kong", "香港特别行政区轩尼诗道88号", "省:香港特别行政区 街:轩尼诗道 号:88号"},

	{"full width", "浙江省嘉兴市南湖区中山东路１２８号３幢２单元５０１室", "省:浙江省 市:嘉兴市 县:南湖区 街:中山东路 号:１２８号 幢:３幢 元:２单元 室:５０１室"},
	{"Chinese digits", "湖州市吴兴区爱山街道红旗路二百一十二号五幢一单元三零二室", "市:湖州市 县:吴兴区 乡:爱山街道 街:红旗路 号:二百一十二号 幢:五幢 元:一单元 室:三零二室"},
	{"Chinese floor", "衢州市柯城区上街58号三楼", "市:衢州市 县:柯城区 街:上街 号:58号 层:三楼"},
	{"basement floor", "金华市婺城区解放东路6号负一层", "市:金华市 县:婺城区 街:解放东路 号:6号 层:负一层"},
	{"circled", "台州市椒江区白云山南路⑧号", "市:台州市 县:椒江区 街:白云山南路 号:⑧号"},
	{"dash three", "义乌市江东街道东苑小区12-3-602", "县:义乌市 乡:江东街道 院:东苑小区 幢:12 余:- 元:3 余:- 室:602"},
	{"dash two", "嘉善县罗星街道晋阳花园7-1204", "县:嘉善县 乡:罗星街道 院:晋阳花园 幢:7 余:- 室:1204"},
	{"dash four", "海宁市海昌街道文苑新村3-2-5-501", "县:海宁市 乡:海昌街道 院:文苑新村 幢:3 余:- 元:2 余:- 层:5 余:- 室:501"},
	{"dash with unit", "平湖市当湖街道梅兰苑15幢2-302室", "县:平湖市 乡:当湖街道 院:梅兰苑 幢:15幢 元:2 余:- 室:302室"},
	{"full-width dash", "德清县武康街道永安花园９－２－３０１", "县:德清县 乡:武康街道 院:永安花园 幢:９ 余:－ 元:２ 余:－ 室:３０１"},
	{"dash typed as one", "诸暨市暨阳街道滨江花苑5一2一401", "县:诸暨市 乡:暨阳街道 院:滨江花苑 幢:5 余:一 元:2 余:一 室:401"},
	{"dash plate", "龙游县龙洲街道太平路85-1号", "县:龙游县 乡:龙洲街道 街:太平路 号:85-1号"},
	{"plate run", "江山市虎山街道鹿溪路17-19号", "县:江山市 乡:虎山街道 街:鹿溪路 号:17-19号"},
	{"room run", "宁波市鄞州区天童南路588号宝华大厦1105-1106室", "市:宁波市 县:鄞州区 街:天童南路 号:588号 院:宝华大厦 室:1105-1106室"},
	{"of it the first", "缙云县五云街道黄龙路85号之一", "县:缙云县 乡:五云街道 街:黄龙路 号:85号之一"},
	{"annex number", "成都市武侯区科华北路65号附3号", "市:成都市 县:武侯区 街:科华北路 号:65号附3号"},
	{"run of buildings", "永康市东城街道金胜小区1-10幢", "县:永康市 乡:东城街道 院:金胜小区 幢:1-10幢"},
	{"letter building", "温州市鹿城区车站大道577号财富中心B座1203", "市:温州市 县:鹿城区 街:车站大道 号:577号 院:财富中心 幢:B座 室:1203"},
	{"letter floor", "杭州市滨江区江南大道3688号通策广场2幢9F", "市:杭州市 县:滨江区 街:江南大道 号:3688号 院:通策广场 幢:2幢 层:9F"},
	{"hash building", "慈溪市浒山街道金山新村26#楼203", "县:慈溪市 乡:浒山街道 院:金山新村 幢:26#楼 室:203"},
	{"typed 栋", "乐清市乐成街道丹霞小区8栋", "县:乐清市 乡:乐成街道 院:丹霞小区 幢:8栋"},
	{"bare plate", "玉环市玉城街道长乐路126", "县:玉环市 乡:玉城街道 街:长乐路 号:126"},

	{"alley", "兰溪市兰江街道天福山路大桥巷7号", "县:兰溪市 乡:兰江街道 街:天福山路 街:大桥巷 号:7号"},
	{"li", "天津市河西区尖山街道红光里6号楼3门201", "市:天津市 县:河西区 乡:尖山街道 院:红光里 幢:6号楼 元:3门 室:201"},
	{"named lane", "舟山市定海区昌国街道陶家弄12号", "市:舟山市 县:定海区 乡:昌国街道 街:陶家弄 号:12号"},
	{"branch lane", "余姚市凤山街道南雷路8支弄6号", "县:余姚市 乡:凤山街道 街:南雷路 街:8支弄 号:6号"},
	{"national road", "开化县华埠镇G205国道旁", "县:开化县 乡:华埠镇 街:G205国道 余:旁"},
	{"numbered avenue", "杭州市钱塘区白杨街道23号大街56号", "市:杭州市 县:钱塘区 乡:白杨街道 街:23号大街 号:56号"},
	{"direction in street", "桐乡市梧桐街道振兴中路128号", "县:桐乡市 乡:梧桐街道 街:振兴中路 号:128号"},
	{"ring road", "常山县天马街道东环北路33号", "县:常山县 乡:天马街道 街:东环北路 号:33号"},
	{"district in road name", "台州市路桥区路桥街道路桥大道东128号", "市:台州市 县:路桥区 乡:路桥街道 街:路桥大道 余:东 号:128号"},

	{"beside", "松阳县古市镇筏铺村委会旁", "县:松阳县 乡:古市镇 村:筏铺村委会 余:旁"},
	{"opposite", "遂昌县妙高街道北街12号对面", "县:遂昌县 乡:妙高街道 街:北街 号:12号 余:对面"},
	{"opposite a place", "东阳市横店镇影都大酒店斜对面", "县:东阳市 乡:横店镇 院:影都大酒店 余:斜对面"},
	{"crossing", "湖州市南浔区人瑞路与嘉业路交叉口", "市:湖州市 县:南浔区 街:人瑞路 余:与 街:嘉业路 余:交叉口"},
	{"distance", "象山县丹东街道丹河路12号往东50米", "县:象山县 乡:丹东街道 街:丹河路 号:12号 余:往东 余:50米"},
	{"gate", "新昌县南明街道江滨公园东门", "县:新昌县 乡:南明街道 院:江滨公园 院:东门"},
	{"bracketed", "临海市古城街道巾山路1号(中心菜场附近)", "县:临海市 乡:古城街道 街:巾山路 号:1号 余:(中心菜场附近)"},
	{"call first", "磐安县安文街道海螺街9号电联", "县:磐安县 乡:安文街道 街:海螺街 号:9号 余:电联"},
	{"firm on a floor", "瑞安市安阳街道罗阳大道88号3楼瑞达贸易", "县:瑞安市 乡:安阳街道 街:罗阳大道 号:88号 层:3楼 余:瑞达贸易"},

	{"development zone", "宁波市北仑区大榭开发区信拓路275号", "市:宁波市 县:北仑区 乡:大榭开发区 街:信拓路 号:275号"},
	{"development zone without county", "金华经济技术开发区双龙南街858号", "乡:金华经济技术开发区 街:双龙南街 号:858号"},
	{"high-tech zone", "绍兴市高新区迪荡街道", "市:绍兴市 乡:高新区 乡:迪荡街道"},
	{"industrial estate", "三门县海润街道滨海工业区金鳞路5号", "县:三门县 乡:海润街道 院:滨海工业区 街:金鳞路 号:5号"},
	{"park and building", "衢州市衢江区浮石路18号东港创业园3幢", "市:衢州市 县:衢江区 街:浮石路 号:18号 院:东港创业园 幢:3幢"},
	{"wing", "义乌市福田街道商博小区东区12幢", "县:义乌市 乡:福田街道 院:商博小区 院:东区 幢:12幢"},
	{"phase", "海盐县武原街道海丽花苑二期6幢", "县:海盐县 乡:武原街道 院:海丽花苑 院:二期 幢:6幢"},
	{"school", "庆元县濛洲街道新建路12号实验小学", "县:庆元县 乡:濛洲街道 街:新建路 号:12号 院:实验小学"},
	{"nursing home", "文成县大峃镇建设路99号文成县福利院", "县:文成县 乡:大峃镇 街:建设路 号:99号 院:文成县福利院"},

	{"spaces", "浙江省 温州市 瓯海区 景山街道 过境公路 12 号", "省:浙江省 市:温州市 县:瓯海区 乡:景山街道 街:过境公路 号:12 号"},
	{"commas", "浙江省,丽水市,莲都区,万象街道,大猷街20号", "省:浙江省 余:, 市:丽水市 余:, 县:莲都区 余:, 乡:万象街道 余:, 街:大猷街 号:20号"},
	{"repeated", "浙江省衢州市浙江省衢州市龙游县湖镇镇", "余:浙江省 余:衢州市 省:浙江省 市:衢州市 县:龙游县 乡:湖镇镇"},
	{"short then full", "浙江杭州浙江省杭州市临安区锦城街道", "余:浙江 余:杭州 省:浙江省 市:杭州市 县:临安区 乡:锦城街道"},
	{"country", "中国浙江省湖州市长兴县", "余:中国 省:浙江省 市:湖州市 县:长兴县"},
	{"traditional", "浙江省溫州市樂清市柳市鎮長江路12號3樓", "省:浙江省 市:溫州市 县:樂清市 乡:柳市鎮 街:長江路 号:12號 层:3樓"},
	{"traditional estate", "臺州市黃巖區東城街道錦繡花園5棟2單元301室", "市:臺州市 县:黃巖區 乡:東城街道 院:錦繡花園 幢:5棟 元:2單元 室:301室"},
	{"town named by a generic word", "诸暨市店口镇", "县:诸暨市 乡:店口镇"},
	{"street in the town's name", "海宁市长安镇镇南路6号", "县:海宁市 乡:长安镇 街:镇南路 号:6号"},
	{"ethnic township", "桐庐县莪山畲族乡中门民族村", "县:桐庐县 乡:莪山畲族乡 村:中门民族村"},
	{"subdistrict office", "泰顺县罗阳镇人民政府", "县:泰顺县 乡:罗阳镇 院:人民政府"},
	{"committee", "青田县鹤城街道圣旨街社区居委会", "县:青田县 乡:鹤城街道 村:圣旨街社区居委会"},
	{"legal name", "云和县石塘镇小顺村村民委员会", "县:云和县 乡:石塘镇 村:小顺村村民委员会"},
	{"production team", "龙泉市八都镇供村第二生产队", "县:龙泉市 乡:八都镇 村:供村 组:第二生产队"},
	{"old county of the city's name", "金华义乌市廿三里街道", "市:金华 县:义乌市 乡:廿三里街道"},
	{"town of a county's name", "余杭镇通济路8号", "乡:余杭镇 街:通济路 号:8号"},
	{"short county before a town", "柯桥漓渚镇中谊村", "县:柯桥 乡:漓渚镇 村:中谊村"},
	{"town that begins like a county", "新安江街道叶家路7号", "乡:新安江街道 街:叶家路 号:7号"},
	{"unknown county before a town", "江苏省无锡市某塘区黄巷街道", "省:江苏省 市:无锡市 县:某塘区 乡:黄巷街道"},
	{"county withdrawn in 2016", "贵州遵义遵义县龙坑镇", "省:贵州 市:遵义 县:遵义县 乡:龙坑镇"},
	{"town without its word before a street", "慈溪市庄市逸夫路29号", "县:慈溪市 乡:庄市 街:逸夫路 号:29号"},
	{"village without its word", "宁波市北仑区小港街道红联安居路56号", "市:宁波市 县:北仑区 乡:小港街道 村:红联 街:安居路 号:56号"},
	{"number of a zone behind a bare name", "义乌市诚信一区23幢", "县:义乌市 院:诚信一区 幢:23幢"},
	{"letter of a zone behind a bare name", "义乌市南下朱C区12栋", "县:义乌市 院:南下朱C区 幢:12栋"},
	{"campus", "三墩镇余杭塘路866号浙江大学紫金港校区", "乡:三墩镇 街:余杭塘路 号:866号 院:浙江大学紫金港校区"},
	{"street behind a gate", "北京市东城区广渠门内大街43号", "市:北京市 县:东城区 街:广渠门内大街 号:43号"},
	{"trunk road by number", "新野县溧河铺镇S244与文化路交叉口", "县:新野县 乡:溧河铺镇 街:S244 余:与 街:文化路 余:交叉口"},
	{"secondary number", "哈尔滨市道里区买卖街副105号", "市:哈尔滨市 县:道里区 街:买卖街 号:副105号"},
	{"country in the middle", "铁岭县中国辽宁铁岭铁岭县后腰堡镇", "余:铁岭县 余:中国 省:辽宁 市:铁岭 县:铁岭县 乡:后腰堡镇"},
	{"short autonomous region", "内蒙包头昆都仑区林荫路街道", "省:内蒙 市:包头 县:昆都仑区 乡:林荫路街道"},
	{"town in front of all", "八里镇江苏省扬州市邗江区八里镇", "余:八里镇 省:江苏省 市:扬州市 县:邗江区 乡:八里镇"},
	{"repeated from the city", "浙江省杭州市江干区杭州市江干区九堡街道", "省:浙江省 市:杭州市 县:江干区 余:杭州市 余:江干区 乡:九堡街道"},
	{"counter and locker", "杭州市拱墅区中山北路9号银泰百货一楼和音专柜", "市:杭州市 县:拱墅区 街:中山北路 号:9号 院:银泰百货 层:一楼 余:和音专柜"},
	{"only a place", "世纪联华超市", "院:世纪联华超市"},
	{"nothing", "", ""},
}

func TestForms(t *testing.T) {
	if len(forms) < 80 {
		t.Fatalf("%d forms", len(forms))
	}
	for _, f := range forms {
		if got := tagged(Parse(f.text)); got != f.want {
			t.Errorf("%s: %s\n got %s\nwant %s", f.name, f.text, got, f.want)
		}
	}
}

// tiles checks what holds for every text: elements lie in order, do not
// overlap, quote the text, and leave out nothing but white space.
func tiles(t *testing.T, text string) {
	t.Helper()
	chars := []rune(text)
	var starts []int
	for at := range text {
		starts = append(starts, at)
	}
	starts = append(starts, len(text))
	at := 0
	for _, e := range Parse(text) {
		if e.Start < at || e.End <= e.Start || e.End > len(chars) {
			t.Fatalf("%q: element %+v after %d", text, e, at)
		}
		if text[starts[e.Start]:starts[e.End]] != e.Text {
			t.Fatalf("%q: element %+v does not quote the text", text, e)
		}
		for ; at < e.Start; at++ {
			if kindOf(fold(chars[at])) != space {
				t.Fatalf("%q: character %d is in no element", text, at)
			}
		}
		at = e.End
	}
	for ; at < len(chars); at++ {
		if kindOf(fold(chars[at])) != space {
			t.Fatalf("%q: character %d is in no element", text, at)
		}
	}
}

func TestElementsTileTheText(t *testing.T) {
	for _, f := range forms {
		tiles(t, f.text)
	}
	tiles(t, strings.Repeat("12-3-602号", 5000))
	tiles(t, strings.Repeat("一", 100000))
	tiles(t, "\xff\xfe路\x0012号\u3000")
}

func FuzzParse(f *testing.F) {
	for _, form := range forms {
		f.Add(form.text)
	}
	f.Add("\xb5\xd8路１２－３号之附")
	f.Fuzz(func(t *testing.T, text string) { tiles(t, text) })
}

func BenchmarkParse(b *testing.B) {
	bytes, n := 0, 0
	for b.Loop() {
		text := forms[n%len(forms)].text
		Parse(text)
		bytes += len(text)
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "addresses/s")
}
