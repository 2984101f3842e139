package access

import (
	"context"
	"encoding/base32"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/data/datatest"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
)

const good = "Xihu-Longjing-7"

// office is a fresh database with the three separated powers and a clock that the test moves.
type office struct {
	*Accounts
	t   *testing.T
	now time.Time
}

func newOffice(t *testing.T) *office {
	o := &office{t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	o.Accounts = &Accounts{openLog(t, datatest.Open(t), filepath.Join(t.TempDir(), "keys", "access.key"))}
	o.Now = func() time.Time { return o.now }
	links, err := o.FirstStart(t.Context())
	if err != nil || len(links) != 3 {
		t.Fatal(links, err)
	}
	for role, name := range map[access.Role]string{access.SystemAdmin: "sys", access.SecurityAdmin: "sec", access.Auditor: "aud"} {
		if _, err := o.UseLink(t.Context(), links[role], name, "", good, "10.0.0.1"); err != nil {
			t.Fatal(err)
		}
	}
	if again, err := o.FirstStart(t.Context()); err != nil || again != nil {
		t.Fatal("links again", again, err)
	}
	return o
}

func by(name string, id int64) access.Entry {
	return access.Entry{ActorID: id, Actor: name, Source: "10.0.0.1", Reason: "test"}
}

// hire makes an account with rights and a password.
func (o *office) hire(name string, prefix string, roles ...access.Role) {
	o.t.Helper()
	link, err := o.Create(o.t.Context(), name, "", by("sys", 1))
	if err == nil {
		_, err = o.Alter(o.t.Context(), name, access.UserChange{Roles: roles, Prefix: prefix}, by("sec", 2))
	}
	if err == nil {
		_, err = o.UseLink(o.t.Context(), link, "", "", good, "10.0.0.1")
	}
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) login(name, password, code string) (string, planner.Kind) {
	s, err := o.Login(o.t.Context(), access.Attempt{Name: name, Password: password, Code: code, Source: "10.0.0.9"})
	if err == nil {
		return s, ""
	}
	return s, planner.KindOf(err)
}

func TestLinksWorkOnce(t *testing.T) {
	o := newOffice(t)
	link, err := o.Create(t.Context(), "zhang.san", "张三", by("sys", 1))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.UseLink(t.Context(), link, "", "", "short", "x"); planner.KindOf(err) != planner.Invalid {
		t.Error("a weak password:", err)
	}
	if _, err := o.UseLink(t.Context(), link, "", "", good, "x"); err != nil {
		t.Error("a weak password spent the link:", err)
	}
	if _, err := o.UseLink(t.Context(), link, "", "", good, "x"); planner.KindOf(err) != planner.NotFound {
		t.Error("twice:", err)
	}
	link, err = o.Alter(t.Context(), "zhang.san", access.UserChange{Reset: true}, by("sys", 1))
	if err != nil {
		t.Fatal(err)
	}
	o.now = o.now.Add(25 * time.Hour)
	if _, err := o.UseLink(t.Context(), link, "", "", good, "x"); planner.KindOf(err) != planner.NotFound {
		t.Error("after a day:", err)
	}
}

func TestLoginAndLockout(t *testing.T) {
	o := newOffice(t)
	o.hire("li.si", "330702", access.CountyEditor)
	if _, kind := o.login("LI.SI ", good, ""); kind != "" {
		t.Error("right password:", kind)
	}
	for range freeByName {
		if _, kind := o.login("li.si", "wrong", ""); kind != planner.Unauthenticated {
			t.Error("wrong password:", kind)
		}
	}
	if _, kind := o.login("li.si", good, ""); kind != planner.TooMany {
		t.Error("the right password while locked:", kind)
	}
	o.now = o.now.Add(61 * time.Second)
	if _, kind := o.login("li.si", "wrong", ""); kind != planner.Unauthenticated {
		t.Error("after the wait:", kind)
	}
	o.now = o.now.Add(61 * time.Second)
	if _, kind := o.login("li.si", good, ""); kind != planner.TooMany {
		t.Error("the wait must double:", kind)
	}
	if _, err := o.Alter(t.Context(), "li.si", access.UserChange{Unlock: true}, by("sys", 1)); err != nil {
		t.Error(err)
	}
	if _, kind := o.login("li.si", good, ""); kind != "" {
		t.Error("after unlocking:", kind)
	}
	rows, err := o.Page(t.Context(), Filter{Action: "login.failed"})
	if err != nil || len(rows) != freeByName+1 {
		t.Error("failed logins in the log:", len(rows), err)
	}
	for i := range freeByAddress {
		o.login("nobody"+strings.Repeat("x", i), "wrong", "")
	}
	if _, kind := o.login("li.si", good, ""); kind != planner.TooMany {
		t.Error("an address that tries many names:", kind)
	}
}

// A hundred guesses at once are few more than a hundred one after another.
func TestGuessesTogether(t *testing.T) {
	o := newOffice(t)
	o.hire("li.si", "330702", access.CountyEditor)
	var tried atomic.Int32
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			_, err := o.Login(context.Background(), access.Attempt{Name: "li.si", Password: "wrong", Source: "10.0.0.9"})
			if planner.KindOf(err) == planner.Unauthenticated {
				tried.Add(1)
			}
		})
	}
	all.Wait()
	if n := int(tried.Load()); n > freeByName+runtime.NumCPU() {
		t.Errorf("%d passwords were tried", n)
	}
}

func TestSessionsExpire(t *testing.T) {
	o := newOffice(t)
	o.hire("li.si", "330702", access.CountyEditor)
	session, _ := o.login("li.si", good, "")
	u, err := o.Session(t.Context(), session)
	if err != nil || u.Name != "li.si" || u.Prefix != "330702" || !u.Has(access.CountyEditor) {
		t.Fatal(u, err)
	}
	for range 23 { // busy, but for 12 hours only
		o.now = o.now.Add(29 * time.Minute)
		if _, err := o.Session(t.Context(), session); err != nil {
			t.Fatal(err)
		}
	}
	o.now = o.now.Add(80 * time.Minute)
	if _, err := o.Session(t.Context(), session); planner.KindOf(err) != planner.Unauthenticated {
		t.Error("past 12 hours:", err)
	}
	session, _ = o.login("li.si", good, "")
	o.now = o.now.Add(31 * time.Minute)
	if _, err := o.Session(t.Context(), session); planner.KindOf(err) != planner.Unauthenticated {
		t.Error("idle:", err)
	}
	session, _ = o.login("li.si", good, "")
	if _, err := o.Alter(t.Context(), "li.si", access.UserChange{Roles: []access.Role{access.Viewer}, Prefix: "330702"}, by("sec", 2)); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Session(t.Context(), session); planner.KindOf(err) != planner.Unauthenticated {
		t.Error("after a change of roles:", err)
	}
}

func TestSecondFactor(t *testing.T) {
	o := newOffice(t)
	o.hire("li.si", "", access.Planner)
	if err := o.SetSettings(t.Context(), access.Settings{RequireTOTP: true, SmallNumber: 10, IdleMinutes: 30, AbsoluteMinutes: 600}, by("sec", 2)); err != nil {
		t.Fatal(err)
	}
	session, _ := o.login("li.si", good, "")
	u, err := o.Session(t.Context(), session)
	if err != nil || u.Pending != access.EnrolTOTP || access.May(u, access.ReadLayers) {
		t.Fatal("no rights before the second factor:", u, err)
	}
	uri, secret, err := o.BeginTOTP(t.Context(), u)
	if parsed, e := url.Parse(uri); err != nil || e != nil || parsed.Query().Get("secret") != secret {
		t.Fatal(uri, err)
	}
	raw, _ := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret)
	code := func() string { return access.Code(raw, o.now.Unix()/30) }
	recovery, err := o.ConfirmTOTP(t.Context(), u, code(), by("li.si", u.ID))
	if err != nil || len(recovery) != 10 {
		t.Fatal(recovery, err)
	}
	if _, err := o.Login(t.Context(), access.Attempt{Name: "li.si", Password: good}); err != access.NeedsCode {
		t.Error("without a code:", err)
	}
	if _, kind := o.login("li.si", good, code()); kind != planner.Unauthenticated {
		t.Error("a code twice:", kind)
	}
	o.now = o.now.Add(time.Minute)
	if session, kind := o.login("li.si", good, code()); kind != "" {
		t.Error("with a code:", kind)
	} else if u, err := o.Session(t.Context(), session); err != nil || u.Pending != "" || !access.May(u, access.ReadLayers) {
		t.Error(u, err)
	}
	if _, kind := o.login("li.si", good, strings.ToLower(recovery[3])); kind != "" {
		t.Error("with a recovery code:", kind)
	}
	if _, kind := o.login("li.si", good, recovery[3]); kind != planner.Unauthenticated {
		t.Error("a recovery code twice:", kind)
	}
}

func TestTokens(t *testing.T) {
	o := newOffice(t)
	o.hire("li.si", "330702", access.CountyEditor)
	session, _ := o.login("li.si", good, "")
	u, _ := o.Session(t.Context(), session)
	for _, s := range []access.Action{access.ReadAudit, access.OwnAccount, "nothing"} {
		if _, _, err := o.CreateToken(t.Context(), u, "qgis", []access.Action{s}, o.now.Add(time.Hour), by(u.Name, u.ID)); planner.KindOf(err) != planner.Forbidden {
			t.Error("a token for", s, err)
		}
	}
	secret, token, err := o.CreateToken(t.Context(), u, "qgis", []access.Action{access.ReadLayers}, o.now.Add(time.Hour), by(u.Name, u.ID))
	if err != nil {
		t.Fatal(err)
	}
	got, err := o.Token(t.Context(), secret)
	if err != nil || got.Prefix != "330702" || !access.May(got, access.ReadLayers) || access.May(got, access.StartRun) || access.May(got, access.OwnAccount) {
		t.Error(got, err)
	}
	if err := o.RevokeToken(t.Context(), token.ID, 999, by("x", 999)); planner.KindOf(err) != planner.NotFound {
		t.Error("somebody else's token:", err)
	}
	if err := o.RevokeToken(t.Context(), token.ID, 0, by("sec", 2)); err != nil {
		t.Error(err)
	}
	if _, err := o.Token(t.Context(), secret); planner.KindOf(err) != planner.Unauthenticated {
		t.Error("revoked:", err)
	}
	secret, _, _ = o.CreateToken(t.Context(), u, "qgis", []access.Action{access.ReadLayers}, o.now.Add(time.Hour), by(u.Name, u.ID))
	o.now = o.now.Add(time.Hour)
	if _, err := o.Token(t.Context(), secret); planner.KindOf(err) != planner.Unauthenticated {
		t.Error("expired:", err)
	}
	off := true
	if _, err := o.Alter(t.Context(), "li.si", access.UserChange{Disabled: &off}, by("sys", 1)); err != nil {
		t.Error(err)
	}
	if _, kind := o.login("li.si", good, ""); kind != planner.Unauthenticated {
		t.Error("disabled:", kind)
	}
}

func TestSeparatedPowers(t *testing.T) {
	o := newOffice(t)
	if _, err := o.Create(t.Context(), "wang.wu", "", by("sys", 1)); err != nil {
		t.Fatal(err)
	}
	_, err := o.Alter(t.Context(), "wang.wu", access.UserChange{Roles: []access.Role{access.Auditor, access.SystemAdmin}}, by("sec", 2))
	if planner.KindOf(err) != planner.Conflict {
		t.Error("two powers:", err)
	}
	if _, err := o.pool.Exec(t.Context(), "UPDATE app_user SET roles = '{auditor,security_admin}' WHERE name = 'wang.wu'"); err == nil {
		t.Error("the database takes two powers")
	}
	users, err := o.Users(t.Context())
	if err != nil || len(users) != 4 {
		t.Fatal(users, err)
	}
	for _, u := range users {
		if u.Name == "sec" {
			_, err := o.Alter(t.Context(), "sec", access.UserChange{Roles: []access.Role{access.SecurityAdmin, access.Planner}}, by("sec", u.ID))
			if planner.KindOf(err) != planner.Forbidden {
				t.Error("oneself:", err)
			}
		}
	}
	if v, err := o.Verify(t.Context()); err != nil || v.Break != nil || v.Rows < 5 {
		t.Error(v, err)
	}
}
