package login

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/labstack/echo/v4"
)

// Behind TLS the cookie is bound to this host and to TLS; on a loopback address without it, it is not.
func TestCookieFlags(t *testing.T) {
	for public, want := range map[string]http.Cookie{
		"https://shq.example.gov.cn": {Name: "__Host-lifecircle", Secure: true},
		"http://127.0.0.1:8080":      {Name: "lifecircle"},
	} {
		at, _ := url.Parse(public)
		w := httptest.NewRecorder()
		c := echo.New().NewContext(httptest.NewRequest("POST", "/api/v1/session", nil), w)
		(&Guard{URL: at}).remember(c, "s")
		k := w.Result().Cookies()[0]
		if k.Name != want.Name || k.Secure != want.Secure || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Domain != "" {
			t.Errorf("%s: %+v", public, k)
		}
	}
	if got := (&Guard{URL: &url.URL{Scheme: "https", Host: "shq.example.gov.cn"}}).LinkURL("http://evil.example", "a+b"); got != "https://shq.example.gov.cn/#link=a%2Bb" {
		t.Error(got)
	}
}
