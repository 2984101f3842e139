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

var syllables sync.Map // rune → its syllables without tones, blanks between

// soundOf gives the syllables of a character under which it is compared, blanks
// between: 行 is "HANG XING". Initials and finals that dialects of the region do
// not part are one (zh/z, ch/c, sh/s, ing/in, eng/en, ang/an).
func soundOf(r rune) string {
	if s, ok := syllables.Load(r); ok {
		return s.(string)
	}
	var all []string
	for _, s := range readings(r) {
		s = strings.NewReplacer("zh", "z", "ch", "c", "sh", "s").Replace(s)
		if strings.HasSuffix(s, "ng") && !strings.HasSuffix(s, "ong") {
			s = s[:len(s)-1]
		}
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	joined := strings.Join(all, " ")
	syllables.Store(r, joined)
	return joined
}

// readings gives the toneless pinyin of a character, the usual one first.
func readings(r rune) []string {
	if all := pinyin.SinglePinyin(r, toneless); len(all) > 0 {
		return all
	}
	return nil
}

func soundsOf(text []rune) []string {
	out := make([]string, len(text))
	for i, r := range text {
		if han(r) {
			out[i] = soundOf(r)
		}
	}
	return out
}
