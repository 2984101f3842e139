package generate

import (
	"strings"

	"github.com/mozillazg/go-pinyin"
)

// Names are joined from syllables that are common on the coast south of the
// Yangtze; none is taken from a register.
var (
	prefectureNames = []string{"澜江", "越溪", "瓯渚", "婺川", "沧屿", "衢源", "括岭", "剡湖", "雁浦", "姚滨", "苕阳"}

	countyHeads = []string{"澄", "沧", "瀛", "淞", "汐", "洛", "潭", "澹", "溇", "浔", "淇", "沅", "岚", "嵊", "岱", "岑", "崧", "翠", "棠", "蓼"}
	countyTails = []string{"浦", "屿", "湾", "垟", "岙", "溪", "渚", "埠", "洲", "源"}

	townshipHeads = []string{"石", "枫", "云", "梅", "樟", "松", "竹", "荷", "鹤", "鹿", "龙", "凤", "白", "青", "金", "银", "双", "横", "高", "大", "长", "沙", "前", "后", "西", "东", "南", "北", "芝", "兰"}
	townshipTails = []string{"岙", "坑", "坞", "垟", "埠", "源", "湾", "岭", "渡", "塘", "浦", "坦", "峰", "畈", "屿", "潭"}

	communityHeads = []string{"东门", "西门", "南门", "北门", "钟楼", "鼓楼", "文昌", "学前", "桥东", "桥西", "河沿", "滨江", "临江", "城东", "城西", "城南", "城北", "秀水", "望江", "凤山", "龙山", "玉泉", "青石", "育才", "迎晖", "朝阳", "广福", "金桥", "塔山", "月湖"}
	communityTails = []string{"", "里", "坊", "苑", "街", "弄"}

	villageHeads = []string{
		"上", "下", "里", "外", "前", "后", "东", "西", "大", "小", "石", "白", "黄", "青", "乌", "枫", "樟", "松", "竹", "梅", "桃", "李", "杨", "柳", "枣", "荷", "龙", "凤", "虎", "马", "鹿", "鹤",
		"王家", "陈家", "林家", "叶家", "郑家", "胡家", "章家", "潘家", "卢家", "朱家", "吴家", "蒋家", "童家", "邵家", "双", "横", "长", "平", "高", "新", "老", "中", "坎", "茶", "麻", "官", "金", "银", "庙前", "桥东", "樟树",
	}
	villageTails = map[role][]string{
		roleSeat:   {"洋", "畈", "塘", "桥", "埠", "宅", "店", "埭", "浦", "垟", "渡", "庄"},
		roleRiver:  {"埠", "溪", "垟", "渡", "畈", "潭", "滩", "坦", "湾", "溪口", "宅", "店"},
		roleCoast:  {"塘", "浦", "涂", "埭", "闸", "洋", "港", "垟", "湾", "岙", "沙", "渡头"},
		roleValley: {"岙", "垟", "坞", "溪", "坦", "坑", "湾", "溪口", "宅", "桥", "畈", "塘"},
		roleHill:   {"坑", "岭", "坞", "岩", "源", "岗", "坪", "山", "坑口", "岭脚", "岙", "垟"},
		roleIsland: {"岙", "澳", "礁", "沙", "屿", "湾", "嘴", "门"},
	}

	// hamletTails end the names of 自然村 below a village.
	hamletTails = []string{"头", "里", "坑", "坞", "岙", "山头", "岭脚", "坦", "湾", "塘", "桥头", "溪边", "垟", "湖", "岗", "下宅", "后门", "路廊", "殿前", "水口"}
	hamletHigh  = []string{"岩背", "岭头", "山背", "高山", "云峰", "坪头", "上岗", "石壁"}

	streetHeads = []string{"澄江", "文昌", "学前", "南渡", "钟楼", "鼓楼", "滨江", "环城", "凤山", "龙山", "望潮", "迎宾", "金桥", "东门", "西门", "北门", "南门", "塔山", "月湖", "青石", "桂花", "樟树", "梅园", "荷塘", "松涛", "竹林", "盐仓", "米市", "鱼行", "当铺", "书院", "药王", "城隍", "县前", "府后", "仓桥", "水关", "渡口", "码头", "柳岸", "丰年", "登科", "会源", "安澜", "观海", "听涛"}
	streetKinds = []string{"路", "街", "路", "巷", "弄", "路"}
	estateHeads = []string{"锦绣", "翠竹", "碧水", "丹桂", "香樟", "金色", "东方", "江南", "绿城里", "御景", "澄江", "望海", "凤凰", "月湖", "阳光", "紫荆", "玉兰", "水岸", "松涛", "书香"}
	estateTails = []string{"苑", "花园", "小区", "新村", "公寓", "家园", "名邸", "雅苑"}
)

// countyName gives the demo county its own name and every other one a pair of
// syllables of its own.
func countyName(n int, used map[string]bool) string {
	if n == 0 {
		used["澄浦"] = true
		return "澄浦"
	}
	for k := 0; ; k++ {
		i := n*7 + k
		s := countyHeads[i%len(countyHeads)] + countyTails[(i/len(countyHeads)+n)%len(countyTails)]
		if !used[s] {
			used[s] = true
			return s
		}
	}
}

// romanise spells a name syllable by syllable, as place-name records do.
func romanise(name string) string {
	args := pinyin.NewArgs()
	var parts []string
	for _, s := range pinyin.Pinyin(name, args) {
		if len(s) > 0 && s[0] != "" {
			parts = append(parts, strings.ToUpper(s[0][:1])+s[0][1:])
		}
	}
	return strings.Join(parts, " ")
}
