package login

import (
	"encoding/json"
	"net/http"

	"github.com/labstack/echo/v4"
)

// The cookie's name under TLS makes browsers hold it to this host and to TLS (RFC 6265bis §4.1.3.2).
const (
	secureName = "__Host-lifecircle"
	plainName  = "lifecircle"
)

func cookie(c echo.Context) string {
	for _, name := range []string{secureName, plainName} {
		if k, err := c.Cookie(name); err == nil && k.Value != "" {
			return k.Value
		}
	}
	return ""
}

// secure tells whether browsers reach this server by TLS.
func (g *Guard) secure(c echo.Context) bool {
	return c.Request().TLS != nil || g.URL != nil && g.URL.Scheme == "https"
}

// remember sets the session's cookie: a new one at each login, never one that came in.
func (g *Guard) remember(c echo.Context, session string) {
	c.SetCookie(g.baked(c, session, 0))
}

func (g *Guard) forget(c echo.Context) { c.SetCookie(g.baked(c, "", -1)) }

func (g *Guard) baked(c echo.Context, value string, age int) *http.Cookie {
	k := &http.Cookie{Name: plainName, Value: value, Path: "/", MaxAge: age, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if g.secure(c) {
		k.Name, k.Secure = secureName, true
	}
	return k
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}
