package cql2

import (
	"strconv"
	"strings"
)

// Text writes a filter as CQL2-Text that ParseText reads as the same tree.
func Text(e Expr) string {
	var b strings.Builder
	writeText(&b, e, 0)
	return b.String()
}

// writeText writes e, in brackets when it binds less than the least strength asked for.
func writeText(b *strings.Builder, e Expr, least int) {
	switch e := e.(type) {
	case *Bool:
		b.WriteString(strings.ToUpper(strconv.FormatBool(e.Value)))
	case *Number:
		b.WriteString(e.Text)
	case *String:
		writeQuoted(b, e.Value)
	case *Date:
		b.WriteString("DATE('" + e.Text + "')")
	case *Timestamp:
		b.WriteString("TIMESTAMP('" + e.Text + "')")
	case *Interval:
		b.WriteString("INTERVAL(")
		writeEnd(b, e.Start)
		b.WriteString(", ")
		writeEnd(b, e.End)
		b.WriteString(")")
	case *BBox:
		b.WriteString("BBOX(")
		for i, n := range e.Bounds {
			separate(b, i)
			writeNumber(b, n)
		}
		b.WriteString(")")
	case *Geometry:
		writeGeometry(b, e)
	case *Property:
		if word := strings.ToLower(e.Name); isName(e.Name) && !reserved[word] {
			b.WriteString(e.Name)
		} else {
			b.WriteString(`"` + strings.ReplaceAll(e.Name, `"`, `""`) + `"`)
		}
	case *Array:
		b.WriteString("(")
		writeArguments(b, e.Items, 0)
	case *Call:
		writeCall(b, e, least)
	}
}

func writeArguments(b *strings.Builder, args []Expr, least int) {
	for i, a := range args {
		separate(b, i)
		writeText(b, a, least)
	}
	b.WriteString(")")
}

func writeCall(b *strings.Builder, c *Call, least int) {
	o, ok := operators[strings.ToLower(c.Op)]
	if !ok || o.binding == 8 {
		name := c.Op
		if ok {
			name = o.spelling
		}
		b.WriteString(name + "(")
		writeArguments(b, c.Args, 0)
		return
	}
	if o.binding < least {
		b.WriteString("(")
		defer b.WriteString(")")
	}
	switch o.name {
	case "not":
		b.WriteString("NOT ")
		writeText(b, c.Args[0], 3)
	case "isNull":
		writeText(b, c.Args[0], 5)
		b.WriteString(" IS NULL")
	case "between":
		writeText(b, c.Args[0], 5)
		b.WriteString(" BETWEEN ")
		writeText(b, c.Args[1], 5)
		b.WriteString(" AND ")
		writeText(b, c.Args[2], 5)
	case "in":
		writeText(b, c.Args[0], 5)
		b.WriteString(" IN (")
		writeArguments(b, c.Args[1].(*Array).Items, 5)
	default: // between operands; arithmetic goes from the left
		for i, a := range c.Args {
			if i > 0 {
				b.WriteString(" " + o.spelling + " ")
			}
			if i > 0 || o.is != kArithmetic || o.name == "^" {
				writeText(b, a, o.binding+1)
			} else {
				writeText(b, a, o.binding)
			}
		}
	}
}

func separate(b *strings.Builder, i int) {
	if i > 0 {
		b.WriteString(", ")
	}
}

func writeNumber(b *strings.Builder, f float64) { b.WriteString(strconv.FormatFloat(f, 'g', -1, 64)) }

func writeEnd(b *strings.Builder, e Expr) {
	switch e := e.(type) {
	case *Open:
		b.WriteString("'..'")
	case *Date:
		b.WriteString("'" + e.Text + "'")
	case *Timestamp:
		b.WriteString("'" + e.Text + "'")
	default:
		writeText(b, e, 0)
	}
}

var escapes = strings.NewReplacer(`'`, `''`, `\`, `\\`, "\a", `\a`, "\b", `\b`, "\t", `\t`, "\n", `\n`, "\v", `\v`, "\f", `\f`, "\r", `\r`)

func writeQuoted(b *strings.Builder, s string) { b.WriteString("'" + escapes.Replace(s) + "'") }

func writeGeometry(b *strings.Builder, g *Geometry) {
	b.WriteString(strings.ToUpper(g.Type))
	if g.dimensions() == 3 && g.Geometries == nil {
		b.WriteString(" Z")
	}
	if g.Geometries == nil {
		if g.Type == "Point" {
			b.WriteString("(")
			defer b.WriteString(")")
		}
		writeCoordinates(b, g.Coordinates, g.Type == "MultiPoint")
		return
	}
	for i := range g.Geometries {
		if i == 0 {
			b.WriteString("(")
		}
		separate(b, i)
		writeGeometry(b, &g.Geometries[i])
	}
	b.WriteString(")")
}

func writeCoordinates(b *strings.Builder, c Coordinates, brackets bool) {
	if c.Items == nil {
		for i, n := range c.Position {
			if i > 0 {
				b.WriteString(" ")
			}
			writeNumber(b, n)
		}
		return
	}
	b.WriteString("(")
	for i, one := range c.Items {
		separate(b, i)
		if brackets {
			b.WriteString("(")
		}
		writeCoordinates(b, one, false)
		if brackets {
			b.WriteString(")")
		}
	}
	b.WriteString(")")
}
