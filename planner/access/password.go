package access

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lifecircle/lifecircle/planner"
)

// Bounds of a password. The upper one keeps hashing from being a way to load the server.
const (
	minPassword  = 10
	longPassword = 16 // from here on length is strength enough
	maxPassword  = 256
)

// CheckPassword holds a new password to GB/T 22239 level 3 (length and
// complexity): ten characters of three kinds, or sixteen of any; never the
// login name, nor one character repeated. Errors are Invalid.
func CheckPassword(password, name string) error {
	n := utf8.RuneCountInString(password)
	kinds, seen := map[string]bool{}, map[rune]bool{}
	for _, r := range password {
		seen[r] = true
		switch {
		case unicode.IsUpper(r):
			kinds["upper"] = true
		case unicode.IsLower(r):
			kinds["lower"] = true
		case unicode.IsDigit(r):
			kinds["digit"] = true
		default:
			kinds["other"] = true
		}
	}
	switch {
	case n < minPassword || n > maxPassword || !utf8.ValidString(password):
		return planner.Errorf(planner.Invalid, "密码应为%d至%d个字符", "a password has %d to %d characters", minPassword, maxPassword)
	case n < longPassword && len(kinds) < 3:
		return planner.Errorf(planner.Invalid, "密码应包含大写、小写、数字、其他字符中的三种,或不少于%d个字符", "a password has three of upper case, lower case, digits and others, or at least %d characters", longPassword)
	case len(seen) < 5:
		return planner.Errorf(planner.Invalid, "密码中不同的字符太少", "the password has too few different characters")
	case name != "" && strings.Contains(strings.ToLower(password), strings.ToLower(name)):
		return planner.Errorf(planner.Invalid, "密码不能包含登录名", "the password must not contain the login name")
	}
	return nil
}

// CheckName holds a login name to 2–32 letters, digits, dots, hyphens and
// underscores (Chinese letters too), so that names cannot be forged by look-alike
// spaces or controls. Errors are Invalid.
func CheckName(name string) error {
	n := utf8.RuneCountInString(name)
	bad := strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-@", r) || unicode.Is(unicode.Han, r))
	})
	if n < 2 || n > 32 || bad {
		return planner.Errorf(planner.Invalid, "登录名应为2至32个小写字母、数字、汉字或 . _ - @", "a login name has 2 to 32 lower-case letters, digits, Chinese characters or . _ - @")
	}
	return nil
}
