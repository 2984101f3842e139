package access

import (
	"context"
	"encoding/base32"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/lifecircle/lifecircle/data"
	"github.com/lifecircle/lifecircle/planner"
	"github.com/lifecircle/lifecircle/planner/access"
)

var errWrongCode = errors.New("wrong code")

// spend takes a second factor's code, or a recovery code, once.
func (a *Accounts) spend(ctx context.Context, u record, code string) error {
	code = strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(code), " ", ""))
	if len(code) != 6 {
		tag, err := a.pool.Exec(ctx, data.SQL("spend_recovery_code"), pgx.StrictNamedArgs{"id": u.ID, "hash": hashOf(code)})
		if err == nil && tag.RowsAffected() == 0 {
			err = errWrongCode
		}
		return err
	}
	secret, err := a.key.opened(u.secret, u.Name)
	if err != nil {
		return planner.Wrap(err, planner.Internal, "第二因素无法解密,请系统管理员重置", "the second factor cannot be opened: the system administrator must reset it")
	}
	step, ok := access.VerifyCode(secret, code, a.Now(), u.step)
	if !ok {
		return errWrongCode
	}
	tag, err := a.pool.Exec(ctx, data.SQL("spend_totp"), pgx.StrictNamedArgs{"id": u.ID, "step": step})
	if err == nil && tag.RowsAffected() == 0 {
		err = errWrongCode // another login was faster with the same code
	}
	return err
}

// BeginTOTP makes a new secret that is not in force before ConfirmTOTP.
func (a *Accounts) BeginTOTP(ctx context.Context, u access.User) (uri, secret string, err error) {
	raw := random(20)
	sealed, err := a.key.sealed(raw, u.Name)
	if err != nil {
		return "", "", err
	}
	if r, err := a.byName(ctx, a.pool, u.Name); err != nil {
		return "", "", unavailable(err)
	} else if r.totp {
		return "", "", planner.Errorf(planner.Conflict, "已启用第二因素;更换请由系统管理员重置", "there is a second factor already: the system administrator can reset it")
	}
	_, err = a.pool.Exec(ctx, data.SQL("set_totp"), pgx.StrictNamedArgs{"id": u.ID, "secret": sealed, "on": false, "step": 0})
	return access.KeyURI("Lifecircle", u.Name, raw), access.Base32(raw), unavailable(err)
}

// ConfirmTOTP puts the second factor in force with a first code, and gives ten
// recovery codes, each good for one login.
func (a *Accounts) ConfirmTOTP(ctx context.Context, u access.User, code string, e access.Entry) (recovery []string, err error) {
	r, err := a.byName(ctx, a.pool, u.Name)
	if err != nil {
		return nil, unavailable(err)
	}
	if r.secret == nil || r.totp {
		return nil, planner.Errorf(planner.Conflict, "请先取得新的密钥", "begin with a new secret")
	}
	secret, err := a.key.opened(r.secret, u.Name)
	if err != nil {
		return nil, err
	}
	step, ok := access.VerifyCode(secret, strings.TrimSpace(code), a.Now(), 0)
	if !ok {
		return nil, planner.Errorf(planner.Invalid, "验证码不正确,请核对手机时间", "the code is wrong: check the clock of the phone")
	}
	err = a.Do(ctx, func(tx pgx.Tx) ([]access.Entry, error) {
		if _, err := tx.Exec(ctx, data.SQL("set_totp"), pgx.StrictNamedArgs{"id": u.ID, "secret": r.secret, "on": true, "step": step}); err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, data.SQL("drop_recovery_codes"), pgx.StrictNamedArgs{"id": u.ID}); err != nil {
			return nil, err
		}
		recovery = nil
		for range 10 {
			c := base32.StdEncoding.EncodeToString(random(10)) // 16 characters
			if _, err := tx.Exec(ctx, data.SQL("add_recovery_code"), pgx.StrictNamedArgs{"id": u.ID, "hash": hashOf(c)}); err != nil {
				return nil, err
			}
			recovery = append(recovery, c)
		}
		e.Action, e.Object = "totp.on", "user:"+u.Name
		return []access.Entry{e}, nil
	})
	return recovery, err
}

func (a *Accounts) clearTOTP(ctx context.Context, tx pgx.Tx, id int64) error {
	if _, err := tx.Exec(ctx, data.SQL("drop_recovery_codes"), pgx.StrictNamedArgs{"id": id}); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, data.SQL("set_totp"), pgx.StrictNamedArgs{"id": id, "secret": nil, "on": false, "step": 0})
	return err
}
