package geocode

import (
	"slices"
	"strings"
)

// form says how a spelling differs from the standard name.
type form uint8

// The forms, from the nearest to the farthest.
const (
	asWritten  form = iota
	asAlias         // another or former name that the database has
	asShort         // without its generic word: 澄浦, 桥东弄 for 桥东弄社区
	asMoved         // the unit that it was a part of: 余杭区 for what is 临平区 since
	asFormer        // with the generic word of another time: 龙埠镇 for 龙埠街道
	asLoose         // a hamlet called 村
	asSound         // characters that sound alike: 早宅村 for 枣宅村
	asSwapped       // two neighbouring characters changed places
	asMistyped      // one character wrong, missing or too many
)

// The price of each form in points. A sound-alike or a swap needs nothing else to
// be certain; one wrong character does only in long names (typo.go).
var formPrices = [...]int{asWritten: 0, asAlias: 1, asShort: 3, asMoved: 6, asFormer: 5, asLoose: 6, asSound: 8, asSwapped: 8, asMistyped: 15}

type spelling struct {
	text []rune
	form form
}

// The generic words of divisions, longest first.
var (
	countyWords   = split("自治县 市 县 区 旗")
	townshipWords = split("街道 民族乡 镇 乡")
	villageWords  = split("社区 村")
	hamletWords   = split("自然村 村民小组 村")
)

func split(s string) (all [][]rune) {
	for _, w := range strings.Fields(s) {
		all = append(all, []rune(w))
	}
	return all
}

// spellings gives what people write for a name of a rank. Towns that became
// subdistricts and villages that became communities keep their stem.
func spellings(rank uint8, name []rune) (all []spelling) {
	words := [][]rune(nil)
	switch rank {
	case rankProvince:
		words = split("自治区 特别行政区 省 市")
	case rankPrefecture:
		words = split("自治州 地区 市 盟")
	case rankCounty:
		words = countyWords
	case rankTownship:
		words = townshipWords
	case rankVillage:
		words = villageWords
	case rankHamlet:
		words = hamletWords
	default:
		return nil
	}
	i := slices.IndexFunc(words, func(w []rune) bool { return len(name) > len(w) && slices.Equal(name[len(name)-len(w):], w) })
	if i < 0 {
		if rank == rankHamlet { // 茶渡 is called 茶渡自然村
			return []spelling{{concat(name, hamletWords[0]), asAlias}, {concat(name, hamletWords[2]), asLoose}}
		}
		return nil
	}
	stem := name[:len(name)-len(words[i])]
	all = append(all, spelling{stem, asShort})
	switch rank {
	case rankTownship, rankVillage, rankCounty:
		for j, w := range words {
			if j != i {
				all = append(all, spelling{concat(stem, w), asFormer})
			}
		}
	case rankHamlet:
		if len(stem) >= 2 && i == 0 {
			all = append(all, spelling{concat(stem, hamletWords[2]), asLoose})
		}
	}
	return all
}

func concat(a, b []rune) []rune { return append(slices.Clone(a), b...) }
