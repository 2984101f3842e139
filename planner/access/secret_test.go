package access

import (
	"strings"
	"testing"
	"time"

	"github.com/lifecircle/lifecircle/planner"
)

// The vectors of RFC 6238 appendix B for SHA-1, whose eight digits end in our six.
func TestCodesAreThoseOfRFC6238(t *testing.T) {
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"} {
		if got := Code(secret, at/30); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
}

func TestACodeWorksOnceAndNearItsTime(t *testing.T) {
	secret, now := []byte("12345678901234567890"), time.Unix(1234567890, 0)
	step := now.Unix() / 30
	for shift, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		if _, ok := VerifyCode(secret, Code(secret, step+shift), now, 0); ok != want {
			t.Errorf("a code %d steps away: %v", shift, ok)
		}
	}
	at, ok := VerifyCode(secret, Code(secret, step), now, 0)
	if !ok || at != step {
		t.Fatalf("step %d, %v", at, ok)
	}
	for _, code := range []string{Code(secret, step), Code(secret, step-1), "", "000000", " 005924", "5924"} {
		if _, ok := VerifyCode(secret, code, now, at); ok {
			t.Errorf("%q after step %d was spent", code, at)
		}
	}
	if _, ok := VerifyCode(secret, Code(secret, step+1), now, at); !ok {
		t.Error("the next code is refused")
	}
	if uri := KeyURI("生活圈", "li.si", secret); uri != "otpauth://totp/%E7%94%9F%E6%B4%BB%E5%9C%88:li.si?issuer=%E7%94%9F%E6%B4%BB%E5%9C%88&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" {
		t.Error(uri)
	}
}

func TestPasswordsAndNames(t *testing.T) {
	for password, ok := range map[string]bool{
		"Correct-h0rse": true, "onlylowercaseletters": true, "生活圈里有十个汉字Aa1": true,
		"short-A1": false, "alllowercase": false, "ZhangSan-2026x": false, "aaaaaaaaaaaaaaaaaaaa": false, "Abc-\xff45678901": false, strings.Repeat("aB3-e", 60): false,
	} {
		if err := CheckPassword(password, "zhangsan"); (err == nil) != ok || err != nil && planner.KindOf(err) != planner.Invalid {
			t.Errorf("password %q: %v", password, err)
		}
	}
	for name, ok := range map[string]bool{"zhang.san": true, "张三": true, "z": false, "Zhang": false, "zhang san": false, "zhang\u200bsan": false, "admin\n": false} {
		if err := CheckName(name); (err == nil) != ok {
			t.Errorf("name %q: %v", name, err)
		}
	}
}
