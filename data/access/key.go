// Package access keeps users, sessions, tokens and the audit log in PostgreSQL.
// It stores no secret that could be used as it stands: passwords are argon2id,
// random tokens are SHA-256, second factors are sealed with a key file that the
// database does not have.
package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/lifecircle/lifecircle/planner"
)

// Key is the installation's secret: it signs the audit log and seals second
// factors. Every machine that serves one database needs the same file.
type Key struct {
	audit, seal []byte
	id          []byte // names the key without telling it
	anchor      string // file beside the key that holds the last audit row written from here; "" for none
}

// LoadKey reads the key file, or makes it, readable by its owner alone.
func LoadKey(path string) (*Key, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		if text, err = makeKey(path); err != nil {
			return nil, planner.Wrap(err, planner.Invalid, "无法建立密钥文件%s", "cannot make the key file %s", path)
		}
	} else if err != nil {
		return nil, planner.Wrap(err, planner.Invalid, "无法读取密钥文件%s", "cannot read the key file %s", path)
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != 32 {
		return nil, planner.Errorf(planner.Invalid, "密钥文件%s应为64位十六进制数", "the key file %s must hold 64 hexadecimal digits", path)
	}
	k := &Key{anchor: filepath.Join(filepath.Dir(path), "audit.anchor")}
	for info, to := range map[string]*[]byte{"lifecircle audit 1": &k.audit, "lifecircle seal 1": &k.seal, "lifecircle id 1": &k.id} {
		if *to, err = hkdf.Key(sha256.New, secret, nil, info, 32); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// makeKey writes a new key beside and moves it into place with a link, which
// fails when another process was first: then that one's is read.
func makeKey(path string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key") // 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	_, err = f.WriteString(hex.EncodeToString(random(32)) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	return os.ReadFile(path)
}

// random gives n random bytes; the system's source does not fail (crypto/rand).
func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b)
	return b
}

// sealed encrypts plain for one user: moved to another's row it does not open.
func (k *Key) sealed(plain []byte, user string) ([]byte, error) {
	gcm, err := k.gcm()
	if err != nil {
		return nil, err
	}
	nonce := random(gcm.NonceSize())
	return gcm.Seal(nonce, nonce, plain, []byte(user)), nil
}

// opened decrypts what sealed gave.
func (k *Key) opened(sealed []byte, user string) ([]byte, error) {
	gcm, err := k.gcm()
	if err != nil {
		return nil, err
	}
	if len(sealed) < gcm.NonceSize() {
		return nil, errors.New("sealed secret is too short")
	}
	return gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], []byte(user))
}

func (k *Key) gcm() (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.seal)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
