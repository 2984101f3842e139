package cql2

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type tokenKind int

const (
	tEnd tokenKind = iota
	tName
	tQuoted // a name in double quotes
	tText   // a text in single quotes
	tNumber
	tSign
)

type token struct {
	kind tokenKind
	text string // of a name and text without quotes and escapes
	word string // a tName in lower case
	at   int
}

// names of CQL2-Text (rules identifierStart and identifierPart).
var starts = &unicode.RangeTable{R16: []unicode.Range16{{0x3A, 0x3A, 1}, {0x41, 0x5A, 1}, {0x5F, 0x5F, 1}, {0x61, 0x7A, 1}, {0xC0, 0xD6, 1}, {0xD8, 0xF6, 1}, {0xF8, 0x2FF, 1}, {0x370, 0x37D, 1},
	{0x37F, 0x167F, 1}, {0x1681, 0x1FFE, 1}, {0x200C, 0x200D, 1}, {0x2070, 0x218F, 1}, {0x2C00, 0x2FEF, 1}, {0x3001, 0xD7FF, 1}, {0xF900, 0xFDCF, 1}, {0xFDF0, 0xFFFC, 1}},
	R32: []unicode.Range32{{0x10000, 0xEFFFF, 1}}, LatinOffset: 6}

func startsName(r rune) bool { return unicode.Is(starts, r) }

func inName(r rune) bool {
	return startsName(r) || r == '.' || r >= '0' && r <= '9' || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// isName tells whether a text is a name without quotes.
func isName(s string) bool {
	for i, r := range s {
		if i == 0 && !startsName(r) || !inName(r) || r == utf8.RuneError {
			return false
		}
	}
	return s != ""
}

// lexer walks over the characters; at is the place of the next one, from 1.
type lexer struct {
	rest string
	at   int
}

func (l *lexer) peek() rune {
	r, _ := utf8.DecodeRuneInString(l.rest)
	return r
}

func (l *lexer) take() rune {
	r, size := utf8.DecodeRuneInString(l.rest)
	l.rest = l.rest[size:]
	l.at++
	return r
}

func (l *lexer) takeWhile(in func(rune) bool) string {
	all, n := l.rest, 0
	for l.rest != "" && in(l.peek()) {
		n += utf8.RuneLen(l.take())
	}
	return all[:n]
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

// lex cuts a filter into tokens; the last is tEnd.
func lex(s string) ([]token, error) {
	if len(s) > MaxLength {
		return nil, Errorf(1, "过滤条件过长(最多%d字节)", "the filter is too long (at most %d bytes)", MaxLength)
	}
	if !utf8.ValidString(s) {
		return nil, Errorf(1+utf8.RuneCountInString(s[:invalid(s)]), "不是UTF-8", "not UTF-8")
	}
	l := &lexer{s, 1}
	var all []token
	for {
		l.takeWhile(func(r rune) bool { return unicode.IsSpace(r) || r == 0x200B })
		t := token{at: l.at}
		if l.rest == "" {
			return append(all, t), nil
		}
		var err error
		switch r := l.peek(); {
		case startsName(r):
			t.kind, t.text = tName, l.takeWhile(inName)
			t.word = strings.ToLower(t.text)
		case r == '\'':
			t.kind = tText
			t.text, err = l.quoted()
		case r == '"':
			t.kind = tQuoted
			t.text, err = l.doubleQuoted()
		case digit(r) || r == '.':
			t.kind = tNumber
			t.text, err = l.number()
		case strings.HasPrefix(l.rest, "<>") || strings.HasPrefix(l.rest, "<=") || strings.HasPrefix(l.rest, ">="):
			t.kind, t.text = tSign, string([]rune{l.take(), l.take()})
		case strings.ContainsRune("()=<>+-*/%^,", r):
			t.kind, t.text = tSign, string(l.take())
		default:
			err = Errorf(t.at, "无法识别的字符“%c”", "unexpected character %q", r)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
}

func invalid(s string) int {
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return i
		}
	}
	return len(s)
}

// controls are the escapes of requirement /req/cql2-text/escaping.
var controls = map[rune]rune{'a': '\a', 'b': '\b', 't': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r', '\'': '\'', '\\': '\\'}

// quoted reads a text. A backslash before any other character stays, since
// patterns of LIKE escape % and _ by it.
func (l *lexer) quoted() (string, error) {
	start := l.at
	l.take()
	var out strings.Builder
	for l.rest != "" {
		r := l.take()
		switch {
		case r == 0:
			return "", Errorf(l.at-1, "字符串中不能有零字符", "a text has no zero characters")
		case r == '\'' && strings.HasPrefix(l.rest, "'"):
			l.take()
		case r == '\'':
			return out.String(), nil
		case r == '\\' && l.rest != "":
			if c, ok := controls[l.peek()]; ok {
				l.take()
				r = c
			}
		}
		out.WriteRune(r)
	}
	return "", Errorf(start, "字符串缺少右引号", "the text has no closing quote")
}

func (l *lexer) doubleQuoted() (string, error) {
	start := l.at
	l.take()
	var out strings.Builder
	for l.rest != "" {
		r := l.take()
		if r == '"' && !strings.HasPrefix(l.rest, `"`) {
			if out.Len() == 0 {
				return "", Errorf(start, "属性名为空", "the name of the property is empty")
			}
			return out.String(), nil
		}
		if r == '"' {
			l.take()
		}
		out.WriteRune(r)
	}
	return "", Errorf(start, "属性名缺少右引号", "the name has no closing quote")
}

// number reads an unsigned number and writes it as JSON does.
func (l *lexer) number() (string, error) {
	start := l.at
	whole := strings.TrimLeft(l.takeWhile(digit), "0")
	if whole == "" {
		whole = "0"
	}
	fraction := ""
	if strings.HasPrefix(l.rest, ".") {
		l.take()
		if fraction = l.takeWhile(digit); fraction != "" {
			fraction = "." + fraction
		} else if whole == "0" && start == l.at-1 {
			return "", Errorf(start, "“.”不是数字", `"." is no number`)
		}
	}
	exponent := ""
	if len(l.rest) > 1 && (l.rest[0] == 'e' || l.rest[0] == 'E') {
		sign := strings.TrimLeft(l.rest[1:2], "0123456789")
		if sign == "" || (sign == "+" || sign == "-") && len(l.rest) > 2 && digit(rune(l.rest[2])) {
			l.take()
			exponent = "e"
			if sign != "" {
				exponent += string(l.take())
			}
			exponent += l.takeWhile(digit)
		}
	}
	text := whole + fraction + exponent
	return text, checkNumber(start, text)
}
