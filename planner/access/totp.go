package access

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // RFC 6238's default, the one that every authenticator app has
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"time"
)

// Step is the length of a time step of a second factor, RFC 6238 §4.1.
const Step = 30 * time.Second

// Code gives the six digits of a time step (RFC 6238; HOTP truncation of RFC 4226 §5.3).
func Code(secret []byte, step int64) string {
	mac := hmac.New(sha1.New, secret)
	_ = binary.Write(mac, binary.BigEndian, step) // a hash never fails
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:])&0x7fffffff)%1_000_000)
}

// VerifyCode finds the step that a code belongs to: now's, the one before or the
// one after, for clocks that go apart. Steps up to last are spent, so that a code
// overheard is worth nothing. ok is false for every other code.
func VerifyCode(secret []byte, code string, now time.Time, last int64) (step int64, ok bool) {
	current := now.Unix() / int64(Step/time.Second)
	for s := current - 1; s <= current+1; s++ {
		if subtle.ConstantTimeCompare([]byte(Code(secret, s)), []byte(code)) == 1 && s > last {
			step, ok = s, true
		}
	}
	return step, ok
}

// Base32 is how a secret is typed into an authenticator.
func Base32(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// KeyURI is what an authenticator reads from a QR code (Google Authenticator's
// Key URI format, which all follow).
func KeyURI(issuer, name string, secret []byte) string {
	q := url.Values{"secret": {Base32(secret)}, "issuer": {issuer}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+name) + "?" + q.Encode()
}
