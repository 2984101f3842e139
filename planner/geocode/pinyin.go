package geocode

import (
	"slices"
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
)

var toneless = func() pinyin.Args {
	a := pinyin.NewArgs()
	a.Heteronym = true
	return a
}()

// heard is how a character sounds, without tones.
type heard struct {
	plain  []string // 行: HANG, XING
	merged []string // with what dialects of the region do not part as one (zh/z, ch/c, sh/s, ing/in, eng/en, ang/an)
}

var known sync.Map // rune → *heard

func hear(r rune) *heard {
	if h, ok := known.Load(r); ok {
		return h.(*heard)
	}
	h := &heard{plain: readings(r)}
	for _, s := range h.plain {
		s = strings.NewReplacer("zh", "z", "ch", "c", "sh", "s").Replace(s)
		if strings.HasSuffix(s, "ng") && !strings.HasSuffix(s, "ong") {
			s = s[:len(s)-1]
		}
		h.merged = append(h.merged, s)
	}
	known.Store(r, h)
	return h
}

// alike tells whether two characters sound alike, and what that costs on top of a
// sound-alike's price.
func alike(a, b rune) (extra int, ok bool) {
	x, y := hear(a), hear(b)
	common := func(x, y []string) bool {
		return slices.ContainsFunc(x, func(s string) bool { return slices.Contains(y, s) })
	}
	switch {
	case common(x.plain, y.plain):
		return 0, true
	case common(x.merged, y.merged):
		return priceDialect, true
	}
	return 0, false
}

const priceDialect = 5

// readings gives the toneless pinyin of a character, the usual one first.
func readings(r rune) []string {
	if all := pinyin.SinglePinyin(r, toneless); len(all) > 0 {
		return all
	}
	return nil
}
