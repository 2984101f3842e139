package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost of a password's hash: 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).
const (
	memoryKiB = 19 * 1024
	passes    = 2
)

// hashPassword gives a PHC string with its own parameters, so that they can be raised later.
func hashPassword(password string) string {
	salt := random(16)
	sum := argon2.IDKey([]byte(password), salt, passes, memoryKiB, 1, 32)
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=1$%s$%s", memoryKiB, passes, base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(sum))
}

// nobody is the hash that is compared when there is no such user, so that the time tells nothing.
var nobody = hashPassword(base64.RawStdEncoding.EncodeToString(random(16)))

// checkPassword compares in constant time; false for a string that is no hash.
func checkPassword(phc, password string) bool {
	parts := strings.Split(phc, "$")
	var memory, time uint32
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	if n, _ := fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &memory, &time); n != 2 || memory == 0 || time == 0 {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(want) != 32 {
		return false
	}
	return subtle.ConstantTimeCompare(argon2.IDKey([]byte(password), salt, time, memory, 1, 32), want) == 1
}

// newSecret makes a random string for a cookie, a link or a token, and what is kept of it.
func newSecret(prefix string) (secret string, hash []byte) {
	secret = prefix + base64.RawURLEncoding.EncodeToString(random(32))
	return secret, hashOf(secret)
}

// hashOf is what the database keeps of a random secret: 256 bits cannot be guessed, so one SHA-256 is enough.
func hashOf(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
