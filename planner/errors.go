package planner

import (
	"errors"
	"fmt"
)

// Kind says what an error means to the one who must react to it. HTTP statuses
// and exit codes are derived from it in one place each.
type Kind string

// The kinds.
const (
	Invalid         Kind = "invalid"         // the request or file is wrong: 400, exit 2 for flags, 1 for files
	NotFound        Kind = "not_found"       // 404
	TooLarge        Kind = "too_large"       // more than is taken at once: 413
	Conflict        Kind = "conflict"        // state forbids it: 409
	Gone            Kind = "gone"            // the data version asked for is pruned: 410
	Forbidden       Kind = "forbidden"       // 403
	Unauthenticated Kind = "unauthenticated" // 401: log in first
	TooMany         Kind = "too_many"        // 429: wait
	Unavailable     Kind = "unavailable"     // try again: 503
	Canceled        Kind = "canceled"
	Internal        Kind = "internal" // ours: details are logged, never shown
)

// Text is a sentence for people, in the two languages of the product.
type Text struct {
	ZH string `json:"zh"`
	EN string `json:"en"`
}

// In returns the sentence in lang ("zh" or "en"; anything else is zh).
func (t Text) In(lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.ZH
}

// Error is an error that people read: what is wrong, where, what to do.
type Error struct {
	Kind   Kind
	Text   Text
	Reason string // a word for programs, where they must tell causes apart: no_network
	Err    error  // the cause, for logs; may be nil
}

// Because sets the word for programs.
func (e *Error) Because(reason string) *Error {
	e.Reason = reason
	return e
}

func (e *Error) Error() string {
	s := e.Text.EN
	if e.Text.ZH != "" {
		s = e.Text.ZH + " / " + e.Text.EN
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error; both formats take the same args. An error among args
// also becomes the cause.
func Errorf(k Kind, zh, en string, args ...any) *Error {
	e := &Error{Kind: k, Text: Text{ZH: fmt.Sprintf(zh, args...), EN: fmt.Sprintf(en, args...)}}
	return e
}

// Wrap is Errorf with a cause that is logged but not part of the sentence.
func Wrap(cause error, k Kind, zh, en string, args ...any) *Error {
	e := Errorf(k, zh, en, args...)
	e.Err = cause
	return e
}

// ReasonOf gives the reason of the first Error in err's chain, "" without one.
func ReasonOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Reason
	}
	return ""
}

// KindOf gives the kind of the first Error in err's chain, Internal without one.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}
