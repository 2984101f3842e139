// Package respond turns errors into answers: RFC 9457 problem+json in the
// reader's language. It is the only renderer of errors.
package respond

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
)

// Problem is the body of an error answer (RFC 9457).
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Reason string `json:"reason,omitempty"` // a word for programs
}

var statuses = map[planner.Kind]int{
	planner.Invalid: http.StatusBadRequest, planner.NotFound: http.StatusNotFound, planner.TooLarge: http.StatusRequestEntityTooLarge, planner.Conflict: http.StatusConflict, planner.Gone: http.StatusGone,
	planner.Forbidden: http.StatusForbidden, planner.Unauthenticated: http.StatusUnauthorized, planner.TooMany: http.StatusTooManyRequests, planner.Unavailable: http.StatusServiceUnavailable, planner.Canceled: 499, planner.Internal: http.StatusInternalServerError,
}

var titles = map[planner.Kind]planner.Text{
	planner.Invalid: {ZH: "请求有误", EN: "The request is wrong"}, planner.NotFound: {ZH: "没有找到", EN: "Not found"},
	planner.TooLarge: {ZH: "请求过大", EN: "The request is too large"}, planner.Conflict: {ZH: "状态冲突", EN: "Conflict"}, planner.Gone: {ZH: "版本已清理", EN: "This version is gone"},
	planner.Forbidden: {ZH: "没有权限", EN: "Forbidden"}, planner.Unauthenticated: {ZH: "请先登录", EN: "Log in first"}, planner.TooMany: {ZH: "请稍后再试", EN: "Try again later"}, planner.Unavailable: {ZH: "暂时不可用", EN: "Not available for the moment"},
	planner.Canceled: {ZH: "已取消", EN: "Canceled"}, planner.Internal: {ZH: "内部错误", EN: "Internal error"},
}

// Language picks zh or en from Accept-Language; zh when neither is named.
func Language(r *http.Request) string {
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		switch tag := strings.ToLower(strings.TrimSpace(part)); {
		case strings.HasPrefix(tag, "zh"):
			return "zh"
		case strings.HasPrefix(tag, "en"):
			return "en"
		}
	}
	return "zh"
}

// Errors is echo's error handler. The cause of an internal error is logged, never shown.
func Errors(log *slog.Logger) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		if c.Response().Committed {
			if c.Request().Context().Err() == nil { // else the reader went away
				log.Error("answer broken off", "path", c.Request().URL.Path, "error", err)
			}
			panic(http.ErrAbortHandler) // the connection ends, so that half an answer is not taken for a whole one
		}
		p := problem(err, Language(c.Request()))
		if p.Status >= 500 {
			log.Error("request failed", "path", c.Request().URL.Path, "error", err)
		}
		switch p.Status {
		case http.StatusUnauthorized:
			c.Response().Header().Set("WWW-Authenticate", `Bearer realm="lifecircle"`)
		case http.StatusTooManyRequests:
			c.Response().Header().Set("Retry-After", "60")
		}
		body, _ := json.Marshal(p)
		c.Response().Header().Set("Cache-Control", "no-store")
		if c.Request().Method == http.MethodHead {
			_ = c.NoContent(p.Status)
			return
		}
		_ = c.Blob(p.Status, "application/problem+json", body)
	}
}

// Typed answers with an error under a type that a standard names.
func Typed(c echo.Context, err error, kind string) error {
	p := problem(err, Language(c.Request()))
	p.Type = kind
	body, merr := json.Marshal(p)
	if merr != nil {
		return merr
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Blob(p.Status, "application/problem+json", body)
}

func problem(err error, lang string) Problem {
	if he := (*echo.HTTPError)(nil); errors.As(err, &he) {
		kind := planner.Invalid
		if he.Code == http.StatusNotFound {
			kind = planner.NotFound
		}
		return Problem{Type: "about:blank", Title: titles[kind].In(lang), Status: he.Code, Detail: http.StatusText(he.Code)}
	}
	kind := planner.KindOf(err)
	p := Problem{Type: "about:blank", Title: titles[kind].In(lang), Status: statuses[kind]}
	if e := (*planner.Error)(nil); errors.As(err, &e) {
		p.Detail, p.Reason = e.Text.In(lang), e.Reason
	}
	return p
}
