package login

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/labstack/echo/v4"

	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
)

// issuer is a small OpenID provider: it signs real tokens, and checks the PKCE
// verifier as a provider does.
type issuer struct {
	*httptest.Server
	key                     *rsa.PrivateKey
	nonce, challenge, claim string // of the last authorization
	wrongNonce              bool
}

func newIssuer(t *testing.T) *issuer {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	i := &issuer{key: key}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"issuer": i.URL, "authorization_endpoint": i.URL + "/auth", "token_endpoint": i.URL + "/token", "jwks_uri": i.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256"}})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/auth", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		i.nonce, i.challenge = q.Get("nonce"), q.Get("code_challenge")
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"state": {q.Get("state")}, "code": {"c"}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("code_verifier") == "" || i.challenge == "" {
			http.Error(w, "no PKCE", http.StatusBadRequest)
			return
		}
		nonce := i.nonce
		if i.wrongNonce {
			nonce = "another"
		}
		signer, _ := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "1"}}, nil)
		id, _ := jwt.Signed(signer).Claims(map[string]any{"iss": i.URL, "sub": "s1", "aud": "lifecircle", "exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(), "nonce": nonce, "preferred_username": "li.si"}).Serialize()
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": id})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

// people knows li.si by the single sign-on alone.
type people struct{ issuer, subject, name string }

func (*people) Login(context.Context, access.Attempt) (string, error) { return "", nil }
func (p *people) LoginBySubject(_ context.Context, issuer, subject, name string, _ access.Attempt) (string, error) {
	p.issuer, p.subject, p.name = issuer, subject, name
	return "session", nil
}
func (*people) Session(context.Context, string) (access.User, error) { return access.User{}, nil }
func (*people) Logout(context.Context, string, access.Entry) error   { return nil }

func TestSingleSignOn(t *testing.T) {
	from, who := newIssuer(t), &people{}
	e := echo.New()
	a := &API{Guard: &Guard{Sessions: who}}
	e.GET("/api/v1/sso", a.ssoBegin)
	e.GET("/api/v1/sso/callback", a.ssoEnd)
	e.GET("/", func(c echo.Context) error { return c.String(http.StatusOK, "the map") })
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = c.String(http.StatusUnauthorized, string(planner.KindOf(err))) }
	ours := httptest.NewServer(e)
	defer ours.Close()
	var err error
	if a.SSO, err = NewSSO(t.Context(), from.URL, "lifecircle", "secret", ours.URL); err != nil {
		t.Fatal(err)
	}
	visit := func(path string, jar http.CookieJar) string {
		answer, err := (&http.Client{Jar: jar}).Get(ours.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		b, _ := io.ReadAll(answer.Body)
		return string(b)
	}
	jar, _ := cookiejar.New(nil)
	if got := visit("/api/v1/sso", jar); got != "the map" || who.subject != "s1" || who.issuer != from.URL || who.name != "li.si" {
		t.Errorf("%q, %+v", got, who)
	}
	at, _ := url.Parse(ours.URL)
	if k := jar.Cookies(at); len(k) != 1 || k[0].Value != "session" {
		t.Errorf("cookies: %v", k)
	}
	*who = people{}
	fresh, _ := cookiejar.New(nil)
	if got := visit("/api/v1/sso/callback?state=x&code=c", fresh); got != "unauthenticated" {
		t.Error("an answer that this browser did not ask for:", got)
	}
	from.wrongNonce = true
	if got := visit("/api/v1/sso", fresh); got != "unauthenticated" || who.subject != "" {
		t.Error("a token for another login:", got, who)
	}
	if _, err := NewSSO(t.Context(), ours.URL, "x", "y", ours.URL); planner.KindOf(err) != planner.Unavailable {
		t.Error("an issuer that is none:", err)
	}
}
