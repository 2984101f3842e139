package cql2

import (
	"encoding/json"
	"io"
	"strings"
	"unicode/utf8"
)

// ParseJSON reads CQL2-JSON. Errors: Invalid, with the place.
func ParseJSON(s string) (Expr, error) {
	if len(s) > MaxLength {
		return nil, Errorf(1, "过滤条件过长(最多%d字节)", "the filter is too long (at most %d bytes)", MaxLength)
	}
	if !utf8.ValidString(s) {
		return nil, Errorf(1+utf8.RuneCountInString(s[:invalid(s)]), "不是UTF-8", "not UTF-8")
	}
	r := &jsonReader{source: s, decoder: json.NewDecoder(strings.NewReader(s))}
	r.decoder.UseNumber()
	v, err := r.value(0)
	if err != nil {
		return nil, err
	}
	end := r.place()
	if _, err := r.decoder.Token(); err != io.EOF {
		return nil, Errorf(end, "过滤条件之后还有内容", "there is something after the filter")
	}
	b := &builder{}
	e, err := b.expr(v)
	if err != nil {
		return nil, err
	}
	return finish(e)
}

// jsonValue is a value of JSON with its place.
type jsonValue struct {
	at     int
	scalar any // string, json.Number, bool, nil
	list   []jsonValue
	object map[string]jsonValue
}

type jsonReader struct {
	source  string
	decoder *json.Decoder
	bytes   int // up to here characters were counted
	chars   int
}

// place is that of the token which comes next.
func (r *jsonReader) place() int {
	to := int(r.decoder.InputOffset())
	for to < len(r.source) && strings.IndexByte(" \t\r\n,:", r.source[to]) >= 0 {
		to++
	}
	r.chars += utf8.RuneCountInString(r.source[r.bytes:to])
	r.bytes = to
	return r.chars + 1
}

func (r *jsonReader) token() (json.Token, error) {
	at := r.place()
	t, err := r.decoder.Token()
	if err != nil {
		return nil, Errorf(at, "不是有效的JSON", "not valid JSON")
	}
	return t, nil
}

func (r *jsonReader) value(depth int) (v jsonValue, err error) {
	v.at = r.place()
	if depth > 2*MaxDepth+10 { // a call is an object and a list
		return v, tooDeep(v.at)
	}
	t, err := r.token()
	if err != nil {
		return v, err
	}
	switch t {
	case json.Delim('['):
		v.list = []jsonValue{}
		for r.decoder.More() {
			one, err := r.value(depth + 1)
			if err != nil {
				return v, err
			}
			v.list = append(v.list, one)
		}
		_, err = r.token()
	case json.Delim('{'):
		v.object = map[string]jsonValue{}
		for r.decoder.More() {
			at := r.place()
			name, err := r.token()
			if err != nil {
				return v, err
			}
			key, _ := name.(string) // the decoder takes nothing else
			if _, twice := v.object[key]; twice {
				return v, Errorf(at, "成员“%.40s”重复", "member %.40q stands twice", key)
			}
			if v.object[key], err = r.value(depth + 1); err != nil {
				return v, err
			}
		}
		_, err = r.token()
	default:
		v.scalar = t
	}
	return v, err
}

// builder makes the tree of the values.
type builder struct{ coordinates int }

func (b *builder) expr(v jsonValue) (Expr, error) {
	switch s := v.scalar.(type) {
	case bool:
		return &Bool{Pos(v.at), s}, nil
	case string:
		return newString(v.at, s)
	case json.Number:
		return &Number{Pos(v.at), s.String()}, checkNumber(v.at, s.String())
	}
	if v.list != nil {
		items, err := b.exprs(v.list)
		return &Array{Pos(v.at), items}, err
	}
	for name, read := range map[string]func(int, string) (Expr, error){"property": newProperty, "date": newDate, "timestamp": newTimestamp} {
		if inner, ok := v.object[name]; ok && len(v.object) == 1 {
			text, ok := inner.scalar.(string)
			if !ok {
				return nil, Errorf(inner.at, "此处应为字符串", "expected a string")
			}
			return read(v.at, text)
		}
	}
	if inner, ok := v.object["interval"]; ok {
		return b.interval(v.at, inner)
	}
	if inner, ok := v.object["bbox"]; ok && len(v.object) == 1 {
		c, err := b.position(inner)
		if err != nil {
			return nil, err
		}
		return newBBox(v.at, c.Position)
	}
	if op, ok := v.object["op"]; ok {
		return b.call(v, op)
	}
	if _, ok := v.object["type"]; ok {
		g, err := b.geometry(v)
		if err != nil {
			return nil, err
		}
		return g, g.check(&b.coordinates)
	}
	return nil, Errorf(v.at, "无法识别的表达式", "this is no expression of CQL2")
}

func (b *builder) exprs(list []jsonValue) ([]Expr, error) {
	var all []Expr
	for _, v := range list {
		e, err := b.expr(v)
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

func (b *builder) call(v, op jsonValue) (Expr, error) {
	name, ok := op.scalar.(string)
	word := strings.ToLower(name)
	_, known := operators[word]
	if !ok || !known && (!isName(name) || reserved[word] || literals[word] || nesting[word].name != "") {
		return nil, Errorf(op.at, "op应为运算符或函数名", "op must be an operator or the name of a function")
	}
	args, ok := v.object["args"]
	if !ok || args.list == nil || len(v.object) != 2 {
		return nil, Errorf(v.at, "运算应有成员op与args(列表)", "an operation has the members op and args, a list")
	}
	items, err := b.exprs(args.list)
	if err != nil {
		return nil, err
	}
	return made(call(v.at, name, items))
}

func (b *builder) interval(at int, v jsonValue) (Expr, error) {
	if len(v.list) != 2 {
		return nil, Errorf(v.at, "interval应有两个端点", "an interval has two ends")
	}
	var ends [2]Expr
	for i, one := range v.list {
		var err error
		if s, ok := one.scalar.(string); ok {
			ends[i], err = newEnd(one.at, s)
		} else {
			ends[i], err = b.expr(one)
		}
		if err != nil {
			return nil, err
		}
	}
	return newInterval(at, ends[0], ends[1])
}

func (b *builder) position(v jsonValue) (c Coordinates, err error) {
	for _, one := range v.list {
		n, ok := one.scalar.(json.Number)
		f, err := n.Float64()
		if !ok || err != nil {
			return c, Errorf(one.at, "此处应为数字", "expected a number")
		}
		c.Position = append(c.Position, f)
	}
	if c.Position == nil {
		err = Errorf(v.at, "此处应为坐标", "expected a list of numbers")
	}
	return c, err
}

func (b *builder) nested(v jsonValue, lists int) (c Coordinates, err error) {
	if lists == 0 {
		return b.position(v)
	}
	if len(v.list) == 0 {
		return c, Errorf(v.at, "此处应为坐标列表", "expected a list of positions")
	}
	for _, one := range v.list {
		inner, err := b.nested(one, lists-1)
		if err != nil {
			return c, err
		}
		c.Items = append(c.Items, inner)
	}
	return c, nil
}

func (b *builder) geometry(v jsonValue) (*Geometry, error) {
	name, _ := v.object["type"].scalar.(string)
	kind := nesting[strings.ToLower(name)]
	if kind.name == "" || kind.name != name {
		return nil, Errorf(v.at, "无法识别的几何类型“%.40s”", "%.40q is no type of geometry", name)
	}
	g := &Geometry{Pos: Pos(v.at), Type: name}
	var err error
	if kind.lists >= 0 {
		g.Coordinates, err = b.nested(v.object["coordinates"], kind.lists)
		return g, err
	}
	for _, one := range v.object["geometries"].list {
		inner, err := b.geometry(one)
		if err != nil {
			return nil, err
		}
		g.Geometries = append(g.Geometries, *inner)
	}
	return g, nil
}
