package address

import "strings"

// form is what a generic word makes of the name before it.
type form uint8

const (
	formCounty form = iota // 区 县 市 not in GB/T 2260: older, newer or mistyped names
	formTown
	formZone
	formVillage
	formStreet
	formLane // 弄: street when named, plate when numbered
	formHamlet
	formHome   // residential compound: a number after it is a building
	formPlace  // any other compound, institution or firm
	formWing   // part of a compound: 东区, 二期, 南门
	formBlock  // building with a name: 东楼, 主楼
	formTail   // whom or what one finds there, no part of the address: 财务部, 快递柜
	formBare   // a name without generic word
	formDigits // numbers (number.go)
	formDivision
	formRest
)

// generic is a word that ends a name.
type generic struct {
	text []rune
	form form
	cost int16 // price of a name that ends so
	min  int   // fewest characters before it
	weak bool  // a character that stands inside names as often as it ends them
}

// generics holds the generic words by their last character.
var generics byRune[generic]

// genericWords lists them: form, price, fewest characters before, weak, words.
var genericWords = []struct {
	form form
	cost int16
	min  int
	weak bool
	text string
}{
	{formCounty, 14, 2, true, "区 县 市 旗 自治县"},
	{formTown, 10, 2, false, "街道 街道办事处 街道办 街办事处 地区办事处 民族乡 苏木"},
	{formTown, 10, 1, false, "镇 乡"},
	{formZone, 8, 0, false, "开发区 经济开发区 经济技术开发区 技术开发区 高新技术产业开发区 高新技术开发区 新技术开发区 高新技术产业园区 高新区 高新园区 出口加工区 综合保税区 保税区 保税港区 " +
		"旅游度假区 度假区 产业集聚区 经开区 自贸区 台商投资区"},
	{formZone, 8, 2, false, "新区 管理区 示范区 试验区 合作区 集聚区 经济区 管委会"},
	{formVillage, 10, 1, false, "村 社区 行政村 村委会 居委会 村委 居委 村民委员会 居民委员会 社区居委会 嘎查"},
	{formStreet, 10, 1, false, "路 大道 大街 公路 国道 省道 县道 乡道 高速 胡同 支弄 步行街 商业街 路东段 路西段 路南段 路北段 路中段 大道东段 大道西段 大道南段 大道北段 大道中段"},
	{formStreet, 11, 1, false, "街 巷"},
	{formStreet, 17, 2, true, "道 线 弄 里 桥 段 环 直河头 河下 码道"},
	{formStreet, 13, 0, false, "老街 新街 后街 前街 横街 直街 东大街 西大街 南大街 北大街 中街 正街 东街 西街 南街 北街 环城路 一环 二环 三环 四环 五环 东环 西环 南环 北环"},
	{formHamlet, 10, 1, false, "自然村 村民小组 生产队 村小组"},
	{formHamlet, 19, 1, true, "岙 垟 坑 坞 埠 山头 墩 塆 屯 寨 组 队 宅 家 埭 浜 兜 畈 坪"},
	{formHome, 10, 1, false, "小区 花园 家园 公寓 新村 花苑 新苑 嘉园 景苑 名苑 佳苑 嘉苑 华苑 雅苑 锦苑 苑 别墅 山庄 华庭 名邸 府邸 公馆 宿舍 住宅区 住宅 人家 新城 名城 豪庭 豪苑 家属院 大院 安置房 " +
		"安置小区 名都 花城 水岸 名府 康城 景园 嘉苑 锦园 雅园 名园 丽园 佳园 御园 庭院 生活区 家属区 家属楼 宿舍楼 居民区 居住区 农民公寓 人才公寓 城市花园 小镇"},
	{formHome, 10, 1, false, "工业区 工业园区 工业园 工业城 科技园 科技城 科技园区 产业园 产业园区 产业基地 产业城 创业园 创意园 创新园 软件园 物流园 商务园 电子商务园 电商园 文创园 园区 基地 工业小区"},
	{formHome, 12, 2, false, "一区 二区 三区 四区 五区 六区 七区 八区 九区 十区"},
	{formHome, 14, 1, true, "园 府 庭 邸 墅 郡 居 轩 坊 庄 湾 里 城 阁 岸 寓 舍 院"},
	{formPlace, 10, 1, false, "大厦 大楼 广场 中心 市场 商场 商厦 商城 酒店 宾馆 饭店 旅馆 医院 卫生院 卫生服务站 卫生服务中心 诊所 药店 药房 学校 中学 小学 大学 学院 幼儿园 党校 职高 高中 初中 公司 有限公司 股份有限公司 集团 总厂 分厂 " +
		"工厂 银行 支行 分行 信用社 超市 百货 商店 便利店 专卖店 餐厅 饭馆 宾楼 物流中心 大市场 批发市场 " +
		"农贸市场 菜场 菜市场 小商品城 商贸城 国贸城 轻纺城 汽配城 家具城 建材城 电子城 服装城 五金城 纺织城 鞋城 机电城 装饰城 家居城 美食城 火车站 汽车站 高铁站 客运站 地铁站 车站 加油站 服务站 变电站 收费站 机场 码头 港口 公园 景区 寺 庙 教堂 祠堂 派出所 公安局 公安分局 消防队 " +
		"法院 检察院 政府 镇政府 区政府 市政府 县政府 管理处 管理局 管理所 办事处 服务中心 敬老院 养老院 福利院 文化礼堂 文化宫 体育馆 体育场 图书馆 博物馆 会所 俱乐部 影城 影院 剧院 网吧 茶楼 会展中心 写字楼 商务楼 综合楼 办公楼 营业部 营业厅 分公司 事务所 研究所 研究院 设计院 实验室 " +
		"仓库 物流 快递 服饰 鞋业 科技 商务大厦 大酒店 校区 院区 分校 分院 厂区 库区 矿区 林场 农场 茶场 渔场 牧场 水库 电站 监狱 部队 食堂 驾校 合作社 工地 项目部 城市广场 综合体 购物中心 奥特莱斯 步行街区 世纪城 会馆 展览馆 纪念馆 山庄酒店 美食广场 装饰市场 交易市场 交易中心"},
	{formPlace, 14, 2, true, "厂 局 所 站 馆 店 行 社 楼 厦 场 库 校 塔 台 宫 殿 坝 港 区 城 部 处 座 国际"},
	{formWing, 11, 0, false, "东区 西区 南区 北区 中区 东门 西门 南门 北门 正门 大门 后门 前门 侧门 东苑 西苑 南苑 北苑 中苑 东院 西院 南院 北院 东园 西园 南园 北园 商铺 门市 门面 地下车库 停车场 总部 售楼处 住院部 门诊部 急诊 传达室 门卫 保安室 门卫室 收发室 大堂 前台 仓库 物业 服务台"},
	{formTail, 9, 0, false, "专柜 前台 财务部 财务室 财务处 收发室 办公室 丰巢 丰巢快递柜 丰巢柜 快递柜 快件箱 电话 手机号 联系电话 NULL"},
	{formBlock, 11, 0, false, "东楼 西楼 南楼 北楼 主楼 副楼 裙楼 塔楼 附楼 前楼 后楼 东座 西座 南座 北座 东塔 西塔 南塔 北塔 东幢 西幢 南幢 北幢"},
}

// restWords locate or instruct; they are no part of a standard address. The
// sure ones never stand inside a name.
var (
	sureRestWords = strings.Fields("对面 斜对面 正对面 对过 旁边 边上 附近 隔壁 旁 口 交叉口 交叉路口 十字路口 丁字路口 三叉路口 交汇处 交会处 交界处 交界口 交接处 交口 转角处 拐角处 " +
		"电联 电话联系 自取 自提 转交 派送 送货上门 其它地区 其他地区 其它区 其他区 市辖区")
	restWords = strings.Fields("中国 门口 门前 路口 转角 拐角 院内 里面 外面 前面 后面 背后 后边 前边 左边 右边 左侧 右侧 东侧 西侧 南侧 北侧 东面 西面 南面 北面 东边 西边 南边 北边 东首 西首 南首 北首 " +
		"东南角 东北角 西南角 西北角 以东 以西 以南 以北 往东 往西 往南 往北 向东 向西 向南 向北 楼下 楼上 中间 之间 桥头 桥下 桥边 路边 路旁 河边 湖边 山脚下 尽头 到底 出口 入口 进口 沿线 一带 东南 西南 东北 西北 " +
		"进去 直走 左转 右转 南行 北行 东行 西行 靠近 内 外 前 后 中 东 西 南 北 收 处 靠 近")
)

// joiners stand between two streets that cross, or two numbers.
func joiner(r rune) bool { return r == '与' || r == '和' || r == '及' || r == '跟' || r == '、' }

type restWord struct {
	text []rune
	sure bool
}

// restByFirst holds the rest words by first character.
var restByFirst byRune[restWord]

func init() {
	byLast, byFirst := map[rune][]generic{}, map[rune][]restWord{}
	for _, g := range genericWords {
		for _, w := range strings.Fields(g.text) {
			r := []rune(w)
			last := r[len(r)-1]
			byLast[last] = append(byLast[last], generic{r, g.form, g.cost, g.min, g.weak})
		}
	}
	for _, w := range sureRestWords {
		r := []rune(w)
		byFirst[r[0]] = append(byFirst[r[0]], restWord{r, true})
	}
	for _, w := range restWords {
		r := []rune(w)
		byFirst[r[0]] = append(byFirst[r[0]], restWord{r, false})
	}
	generics, restByFirst = indexRunes(byLast), indexRunes(byFirst)
}

// byRune is a map from characters to lists, laid out for the inner loop.
type byRune[T any] struct {
	slot  []uint16 // by character: 0 is none
	lists [][]T
}

func indexRunes[T any](m map[rune][]T) byRune[T] {
	x := byRune[T]{slot: make([]uint16, 0x10000), lists: make([][]T, 1)}
	for r, list := range m {
		x.slot[r] = uint16(len(x.lists))
		x.lists = append(x.lists, list)
	}
	return x
}

func (x *byRune[T]) of(r rune) []T {
	if uint32(r) >= uint32(len(x.slot)) {
		return nil
	}
	return x.lists[x.slot[r]]
}

func hasSuffixAt(f []rune, end int, suffix []rune) bool {
	start := end - len(suffix)
	if start < 0 {
		return false
	}
	for i, r := range suffix {
		if f[start+i] != r {
			return false
		}
	}
	return true
}

func hasPrefixAt(f []rune, start int, prefix []rune) bool {
	return start+len(prefix) <= len(f) && hasSuffixAt(f, start+len(prefix), prefix)
}
