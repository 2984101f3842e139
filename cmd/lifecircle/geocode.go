package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/address"
)

// longestLine is the most bytes of one address line that are read; a longer
// line is no address, and a file without line ends must not fill the memory.
const longestLine = 1 << 20

// geocodeCommand reads addresses, one a line.
type geocodeCommand struct {
	File      string `arg:"" optional:"" default:"-" help:"A text file with one address a line (UTF-8 or GB18030); - or nothing is standard input."`
	ParseOnly bool   `name:"parse-only" required:"" help:"Only split each address into its elements; needs no database."`
}

// parsedAddress is one line of the answer.
type parsedAddress struct {
	Text     string            `json:"text"`
	Elements []address.Element `json:"elements"`
}

// Run prints the elements of each address: JSON objects, one a line, with
// --json, else 「level=text」 with tabs between. Empty lines give empty answers,
// so that lines of the answer and of the file agree.
func (c *geocodeCommand) Run(s *session) error {
	in := io.Reader(os.Stdin)
	if c.File != "-" {
		f, err := os.Open(c.File)
		if err != nil {
			return planner.Wrap(err, planner.Invalid, "无法打开 %s", "cannot open %s", c.File)
		}
		defer f.Close()
		in = f
	}
	out := bufio.NewWriterSize(s.out, 1<<16)
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 1<<16), longestLine)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	n := 0
	for ; lines.Scan(); n++ {
		if n%1024 == 0 && s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		text := strings.TrimSuffix(lines.Text(), "\r")
		if n == 0 {
			text = strings.TrimPrefix(text, "\uFEFF")
		}
		if !utf8.ValidString(text) { // counties deliver GBK
			if text, _ = simplifiedchinese.GB18030.NewDecoder().String(text); !utf8.ValidString(text) {
				text = strings.ToValidUTF8(text, "\uFFFD")
			}
		}
		elements := address.Parse(text)
		if s.json {
			if err := enc.Encode(parsedAddress{text, elements}); err != nil {
				return err
			}
			continue
		}
		for i, e := range elements {
			if i > 0 {
				out.WriteByte('\t')
			}
			out.WriteString(string(e.Level) + "=" + e.Text)
		}
		if err := out.WriteByte('\n'); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		out.Flush()
		return planner.Wrap(err, planner.Invalid, "第 %d 行超过 1 MiB，不是地址", "line %d is longer than 1 MiB, which is no address", n+1)
	}
	return out.Flush()
}
