package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/lifecircle/lifecircle/planner"
)

// charset is how a text file's bytes become text. The zero value is UTF-8.
type charset struct {
	name    string
	decoder *encoding.Decoder // nil: UTF-8
	sniffed bool
	clean   bool // every line was seen to be UTF-8
	wide    bool // UTF-16: every byte goes through the decoder before lines are looked for
}

func charsetOf(name string) (charset, error) {
	switch n := strings.ToLower(strings.TrimSpace(name)); n {
	case "utf-8", "utf8", "utf-8-sig":
		return charset{name: "utf-8"}, nil
	case "utf-16", "utf16", "utf-16le", "unicode":
		return charset{name: "utf-16", wide: true}, nil
	case "gbk", "gb2312", "gb18030", "936", "cp936":
		return charset{name: "gb18030", decoder: simplifiedchinese.GB18030.NewDecoder()}, nil
	default:
		e, err := htmlindex.Get(n)
		if err != nil {
			return charset{}, planner.Errorf(planner.Invalid, "不认识编码「%s」;可用 utf-8 或 gb18030", "unknown encoding %q; use utf-8 or gb18030", name)
		}
		return charset{name: n, decoder: e.NewDecoder()}, nil
	}
}

// sniff looks at the whole text: valid UTF-8 is UTF-8; otherwise the encoding
// that more of the lines with Chinese have, so that a few foreign lines become
// rejects and not the other way round.
func sniff(r io.Reader) (charset, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	if mark, _ := in.Peek(2); bytes.Equal(mark, []byte{0xff, 0xfe}) || bytes.Equal(mark, []byte{0xfe, 0xff}) { // Excel's "Unicode text"
		return charset{name: "utf-16", wide: true}, nil
	}
	var utf, other, nul int
	for {
		line, err := in.ReadSlice('\n')
		switch {
		case bytes.IndexByte(line, 0) >= 0:
			nul++
		case ascii(line):
		case utf8.Valid(line) || errors.Is(err, bufio.ErrBufferFull) && utf8.Valid(trimPartial(line)):
			utf++
		default:
			other++
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return charset{}, err
		}
	}
	if nul > 0 {
		return charset{}, planner.Errorf(planner.Invalid, "文件含有空字节,不是文本表格;请另存为 UTF-8 的 CSV",
			"the file has zero bytes and is no text table; save it as CSV UTF-8")
	}
	c := charset{name: "utf-8", sniffed: true, clean: other == 0}
	if other > utf {
		c = charset{name: "gb18030", decoder: simplifiedchinese.GB18030.NewDecoder(), sniffed: true}
	}
	return c, nil
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// trimPartial drops the bytes of a character that the end of a buffer cut.
func trimPartial(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if utf8.RuneStart(b[len(b)-i]) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return b[:len(b)-i]
			}
			break
		}
	}
	return b
}

// decode gives the text of a record, or why it is in another encoding.
func (c charset) decode(b []byte) (string, *planner.Text) {
	if c.clean || ascii(b) {
		return string(b), nil
	}
	if c.decoder == nil {
		if utf8.Valid(b) {
			return string(b), nil
		}
		return strings.ToValidUTF8(string(b), "?"), &planner.Text{ZH: "本行不是 UTF-8 编码,与文件其余部分不一致", EN: "this row is not UTF-8, unlike the rest of the file"}
	}
	if c.sniffed && utf8.Valid(b) && longForms(b) {
		return string(b), &planner.Text{ZH: "本行是 UTF-8 编码,与文件其余部分(GB18030)不一致", EN: "this row is UTF-8, unlike the rest of the file (GB18030)"}
	}
	s, err := c.decoder.Bytes(b)
	if err != nil || bytes.ContainsRune(s, utf8.RuneError) {
		return strings.ToValidUTF8(string(b), "?"), &planner.Text{ZH: "本行不是 " + c.name + " 编码", EN: "this row is not " + c.name}
	}
	return string(s), nil
}

// longForms tells whether every character beyond ASCII takes three bytes or
// more, as Chinese does in UTF-8; GBK text that happens to be valid UTF-8 is
// nearly always of two-byte forms (the famous 联通).
func longForms(b []byte) bool {
	for len(b) > 0 {
		_, n := utf8.DecodeRune(b)
		if n == 2 {
			return false
		}
		b = b[n:]
	}
	return true
}
