package address

import (
	_ "embed"
	"strings"
	"unicode"
)

// traditional pairs each traditional or variant character with its simplified form.
//
//go:embed traditional.txt
var traditional string

// folds maps a rune below its length to its folded form; 0 means itself.
var folds = func() []rune {
	t := make([]rune, 0x10000)
	for c := 'a'; c <= 'z'; c++ {
		t[c] = c - 'a' + 'A'
	}
	for c := rune(0xFF01); c <= 0xFF5E; c++ { // full-width forms
		t[c] = fallback(t[c-0xFEE0], c-0xFEE0)
	}
	for _, c := range "－—–―‐‑−ー～~﹣_＿" {
		t[c] = '-'
	}
	t['﹟'], t['＃'], t['○'], t['Ｏ'] = '#', '#', '零', 'O'
	t['〇'] = '零'
	for i, c := range []rune("①②③④⑤⑥⑦⑧⑨") {
		t[c] = '1' + rune(i)
	}
	for line := range strings.Lines(traditional) {
		if pairs := []rune(strings.TrimSpace(line)); line[0] != '#' {
			for i := 0; i+1 < len(pairs); i += 2 {
				t[pairs[i]] = pairs[i+1]
			}
		}
	}
	return t
}()

func fallback(r, otherwise rune) rune {
	if r != 0 {
		return r
	}
	return otherwise
}

// fold gives the form that rules compare: half width, upper case, simplified.
func fold(r rune) rune {
	if int(r) < len(folds) && r >= 0 {
		if f := folds[r]; f != 0 {
			return f
		}
	}
	return r
}

// kind is the sort of a folded character.
type kind uint8

const (
	han   kind = iota // Han, and anything else that can stand in a name
	alnum             // 0-9 A-Z
	dash
	mark // other punctuation
	open // opening bracket
	space
)

func kindOf(r rune) kind {
	switch {
	case r >= '0' && r <= '9' || r >= 'A' && r <= 'Z':
		return alnum
	case r >= 0x4E00 && r <= 0x9FFF:
		return han
	case r == '-':
		return dash
	case r == '(' || r == '【' || r == '[' || r == '{' || r == '《' || r == '〔':
		return open
	case unicode.IsSpace(r) || unicode.IsControl(r) || r == 0x200B || r == 0xFEFF:
		return space
	case r == '·' || r == '•' || r == '#' || r == '&':
		return han // stand inside names and numbers: 融创·春风里, 3#楼
	case unicode.IsPunct(r) || unicode.IsSymbol(r):
		return mark
	}
	return han
}

// numeral tells whether r is a Chinese digit of a written number.
func numeral(r rune) bool {
	switch r {
	case '零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '两', '廿':
		return true
	}
	return false
}
