package geocode

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"

	"github.com/lifecircle/lifecircle/planner/address"
)

//go:embed simplified.txt
var simplifiedText string

// simplified maps traditional characters: planner/address folds those of division
// names and address words alone, names of villages may have any.
var simplified = func() map[rune]rune {
	all := map[rune]rune{}
	for line := range strings.Lines(simplifiedText) {
		if pairs := []rune(strings.TrimSpace(line)); pairs[0] != '#' {
			for i := 0; i+1 < len(pairs); i += 2 {
				all[pairs[i]] = pairs[i+1]
			}
		}
	}
	return all
}()

// fold gives the form in which texts and names are compared: half width, upper
// case, simplified, without spaces, and Chinese numbers before a unit as digits
// (十八号 → 18号; 八一路 stays). Names and texts take the same way, so that a
// name with a number inside is still found.
func fold(text string) []rune {
	in := []rune(address.Element{Level: address.Rest, Text: text}.Canonical())
	for i, r := range in {
		if s, ok := simplified[r]; ok {
			in[i] = s
		}
	}
	out := make([]rune, 0, len(in)+4)
	for i := 0; i < len(in); {
		j := i
		for j < len(in) && strings.ContainsRune(numerals, in[j]) {
			j++
		}
		if n, ok := wholeNumber(in[i:j]); ok && (j == len(in) && i > 0 && j-i > 1 || j < len(in) && strings.ContainsRune(counted, in[j]) || i > 1 && in[i-1] == '之' && in[i-2] == '号') {
			out = append(out, []rune(strconv.Itoa(n))...)
			i = j
			continue
		}
		out = append(out, in[i:max(j, i+1)]...)
		i = max(j, i+1)
	}
	return out
}

const (
	numerals = "零一二三四五六七八九十百千两廿"
	counted  = "号幢栋单室层楼弄座组队户#-" // what stands behind a number that is one
)

// wholeNumber reads a Chinese number below ten thousand: 一千零八, 廿三, 三〇二 (as 零).
// ok is false for what is no such number, and for 零.
func wholeNumber(s []rune) (n int, ok bool) {
	if len(s) == 0 {
		return 0, false
	}
	units := map[rune]int{'十': 10, '百': 100, '千': 1000}
	spoken := strings.ContainsAny(string(s), "十百千廿")
	digit, last := -1, 10000
	for _, r := range s {
		switch u, d := units[r], strings.IndexRune("零一二三四五六七八九", r)/3; {
		case !spoken:
			if r == '两' || n > 999 {
				return 0, false
			}
			n = n*10 + d
		case r == '廿':
			if last <= 10 || digit > 0 {
				return 0, false
			}
			n, digit, last = n+20, -1, 10
		case u > 0:
			if u >= last || digit < 0 && u != 10 || digit == 0 && u != 10 {
				return 0, false
			}
			n, digit, last = n+max(digit, 1)*u, -1, u
		default:
			if r == '两' {
				d = 2
			}
			if digit > 0 {
				return 0, false
			}
			digit = d
		}
	}
	if spoken && digit > 0 {
		n += digit
	}
	return n, n > 0
}

// han tells what can stand in a name: everything but digits, letters and marks.
func han(r rune) bool { return r >= 0x3400 && r <= 0x9FFF || r >= 0x20000 }

func alnum(r rune) bool { return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' }

// numberKey joins the numbers of plates and buildings: 128弄3号 → 128-3, 甲38号院 → 甲38.
// Generic words between numbers part them; "" without a number.
func numberKey(elements ...address.Element) string {
	var b strings.Builder
	for _, e := range elements {
		inside := false
		for _, r := range fold(e.Canonical()) {
			switch {
			case alnum(r) || strings.ContainsRune("甲乙丙丁", r):
				if !inside && b.Len() > 0 {
					b.WriteByte('-')
				}
				b.WriteRune(r)
				inside = true
			default:
				inside = false
			}
		}
	}
	return b.String()
}

// once drops what is said twice in a row: 澄阳街道澄阳街道, also when it is misspelt.
func once(text []rune) []rune {
	for i := 0; i < len(text); i++ {
		for n := 3; i+2*n <= len(text); n++ {
			if slices.Equal(text[i:i+n], text[i+n:i+2*n]) && !slices.ContainsFunc(text[i:i+n], func(r rune) bool { return !han(r) }) {
				text = slices.Delete(text, i, i+n)
				break
			}
		}
	}
	return text
}

// unlabelled drops what stands before an address and is none of it: 家庭住址:, 中国.
func unlabelled(text []rune) []rune {
	if i := slices.Index(text[:min(len(text), 10)], ':'); i >= 0 && !slices.ContainsFunc(text[:i], alnum) {
		text = text[i+1:]
	}
	if len(text) > 2 && text[0] == '中' && text[1] == '国' {
		text = text[2:]
	}
	return text
}
