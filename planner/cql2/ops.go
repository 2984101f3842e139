package cql2

import "strings"

// kinds says which kinds of node may stand somewhere.
type kinds uint16

const (
	kBool kinds = 1 << iota
	kNumber
	kString
	kInstant
	kInterval
	kOpen
	kSpatial
	kProperty
	kArray
	kPredicate // and, or, not, comparisons, s_…, t_…, a_…
	kArithmetic
	kFolded // casei, accenti
	kFunction

	kBoolean  = kBool | kPredicate | kFunction
	kScalar   = kBool | kNumber | kString | kInstant | kProperty | kArithmetic | kFolded | kFunction
	kAnything = kScalar | kInterval | kSpatial | kPredicate
)

// operator is what the grammar says of an operator.
type operator struct {
	name     string // of CQL2-JSON
	is       kinds
	least    int
	most     int
	args     kinds // what may stand as an argument
	last     kinds // what may stand as the last one, if it differs
	binding  int   // strength in text: 1 (or) … 7 (^); 8 is a call with brackets
	spelling string
}

// operators by the lower case of their names; what is not here is a function.
var operators = func() map[string]operator {
	all := map[string]operator{}
	add := func(o operator) {
		if o.spelling == "" {
			o.spelling = strings.ToUpper(o.name)
		}
		if o.last == 0 {
			o.last = o.args
		}
		all[strings.ToLower(o.name)] = o
	}
	add(operator{name: "or", is: kPredicate, least: 2, most: MaxNodes, args: kBoolean, binding: 1})
	add(operator{name: "and", is: kPredicate, least: 2, most: MaxNodes, args: kBoolean, binding: 2})
	add(operator{name: "not", is: kPredicate, least: 1, most: 1, args: kBoolean, binding: 3})
	for _, name := range []string{"=", "<>", "<", ">", "<=", ">="} {
		add(operator{name: name, is: kPredicate, least: 2, most: 2, args: kScalar, binding: 4})
	}
	add(operator{name: "like", is: kPredicate, least: 2, most: 2, args: kString | kProperty | kFolded | kFunction, last: kString | kFolded, binding: 4})
	add(operator{name: "between", is: kPredicate, least: 3, most: 3, args: kScalar &^ kBool, binding: 4})
	add(operator{name: "in", is: kPredicate, least: 2, most: 2, args: kScalar, last: kArray, binding: 4})
	add(operator{name: "isNull", is: kPredicate, least: 1, most: 1, args: kAnything, binding: 4})
	for name, binding := range map[string]int{"+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "div": 6, "^": 7} {
		add(operator{name: name, is: kArithmetic, least: 2, most: 2, args: kNumber | kArithmetic | kProperty | kFunction, binding: binding, spelling: name})
	}
	for _, name := range []string{"casei", "accenti"} {
		add(operator{name: name, is: kFolded, least: 1, most: 1, args: kString | kProperty | kFolded | kFunction, binding: 8})
	}
	for _, name := range []string{"contains", "crosses", "disjoint", "equals", "intersects", "overlaps", "touches", "within"} {
		add(operator{name: "s_" + name, is: kPredicate, least: 2, most: 2, args: kSpatial | kProperty | kFunction, binding: 8})
	}
	for _, name := range []string{"after", "before", "contains", "disjoint", "during", "equals", "finishedBy", "finishes", "intersects", "meets", "metBy", "overlappedBy", "overlaps", "startedBy", "starts"} {
		add(operator{name: "t_" + name, is: kPredicate, least: 2, most: 2, args: kInstant | kInterval | kProperty | kFunction, binding: 8})
	}
	for _, name := range []string{"containedBy", "contains", "equals", "overlaps"} {
		add(operator{name: "a_" + name, is: kPredicate, least: 2, most: 2, args: kArray | kProperty | kFunction, binding: 8})
	}
	return all
}()

// reserved words are no names of functions, and of properties only in quotes.
var reserved = map[string]bool{"and": true, "or": true, "not": true, "like": true, "ilike": true, "between": true, "in": true, "is": true, "null": true, "true": true, "false": true, "div": true}

// literals begin a literal when a bracket follows; geometry types too.
var literals = map[string]bool{"date": true, "timestamp": true, "interval": true, "bbox": true}

func kindOf(e Expr) kinds {
	switch e := e.(type) {
	case *Bool:
		return kBool
	case *Number:
		return kNumber
	case *String:
		return kString
	case *Date, *Timestamp:
		return kInstant
	case *Interval:
		return kInterval
	case *Open:
		return kOpen
	case *BBox, *Geometry:
		return kSpatial
	case *Property:
		return kProperty
	case *Array:
		return kArray
	case *Call:
		if o, ok := operators[strings.ToLower(e.Op)]; ok {
			return o.is
		}
		return kFunction
	}
	return 0
}

// IsFunction tells a function from the operators of the language.
func (c *Call) IsFunction() bool { return kindOf(c) == kFunction }

// call makes a call of an operator or function, with the arguments that the grammar allows.
func call(at int, name string, args []Expr) (*Call, error) {
	c := &Call{Pos(at), name, args}
	o, ok := operators[strings.ToLower(name)]
	if !ok {
		for _, a := range args {
			if kindOf(a) == kOpen {
				return nil, Errorf(a.At(), "“..”只能用作INTERVAL的端点", "'..' is an end of an INTERVAL only")
			}
		}
		return c, nil
	}
	c.Op = o.name
	if len(args) < o.least || len(args) > o.most {
		return nil, Errorf(at, "%[1]s的参数个数不对:%[2]d个", "%[1]s does not take %[2]d arguments", o.spelling, len(args))
	}
	for i, a := range args {
		allowed := o.args
		if i == len(args)-1 {
			allowed = o.last
		}
		if kindOf(a)&allowed == 0 {
			return nil, Errorf(a.At(), "%[1]s的第%[2]d个参数类型不对", "argument %[2]d of %[1]s is of the wrong kind", o.spelling, i+1)
		}
	}
	switch o.name {
	case "in":
		return c, checkList(args[1].(*Array))
	case "like":
		return c, checkPattern(args[1])
	}
	return c, nil
}

func checkList(list *Array) error {
	if len(list.Items) == 0 {
		return Errorf(list.At(), "IN后的列表不能为空", "the list after IN is empty")
	}
	for _, item := range list.Items {
		if kindOf(item)&kScalar == 0 {
			return Errorf(item.At(), "IN后的列表只能是单个值", "the list after IN takes single values")
		}
	}
	return nil
}

// checkPattern: a pattern is a literal, folded or not, and does not end in the middle of an escape.
func checkPattern(e Expr) error {
	switch e := e.(type) {
	case *String:
		trimmed := strings.TrimRight(e.Value, `\`)
		if (len(e.Value)-len(trimmed))%2 == 1 {
			return Errorf(e.At(), `LIKE的模式不能以单个“\”结尾`, `a pattern of LIKE does not end with a single \`)
		}
		return nil
	case *Call:
		if kindOf(e) == kFolded {
			return checkPattern(e.Args[0])
		}
	}
	return Errorf(e.At(), "LIKE后应为字符串", "a text must follow LIKE")
}

// finish checks the whole: a filter is true or false, and within the limits.
func finish(e Expr) (Expr, error) {
	if kindOf(e)&kBoolean == 0 {
		return nil, Errorf(e.At(), "过滤条件应为真假判断", "the filter must be a condition, true or false")
	}
	nodes := 0
	if err := measure(e, 1, &nodes); err != nil {
		return nil, err
	}
	return e, nil
}

func measure(e Expr, depth int, nodes *int) error {
	if *nodes++; *nodes > MaxNodes {
		return Errorf(e.At(), "过滤条件过大(最多%d项)", "the filter is too large (at most %d parts)", MaxNodes)
	}
	if depth > MaxDepth {
		return tooDeep(e.At())
	}
	var inner []Expr
	switch e := e.(type) {
	case *Call:
		inner = e.Args
	case *Array:
		inner = e.Items
	case *Interval:
		inner = []Expr{e.Start, e.End}
	}
	for _, one := range inner {
		if err := measure(one, depth+1, nodes); err != nil {
			return err
		}
	}
	return nil
}

func tooDeep(at int) error {
	return Errorf(at, "过滤条件嵌套过深(最多%d层)", "the filter is nested too deeply (at most %d levels)", MaxDepth)
}
