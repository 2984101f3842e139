package access

import (
	"time"

	"github.com/lifecircle/lifecircle/planner"
)

// Account is a user as administrators see it.
type Account struct {
	User
	SecondFactor bool       `json:"second_factor"`
	HasPassword  bool       `json:"has_password"`
	Disabled     bool       `json:"disabled"`
	Locked       bool       `json:"locked"` // too many failed logins, for the moment
	CreatedAt    time.Time  `json:"created_at"`
	SeenAt       *time.Time `json:"seen_at"`
}

// Token is an API token without its secret.
type Token struct {
	ID        int64      `json:"id"`
	Owner     string     `json:"owner"`
	Name      string     `json:"name"`
	Scopes    []Action   `json:"scopes"` // what it may do, of what its owner may do
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	RevokedAt *time.Time `json:"revoked_at"`
	UsedAt    *time.Time `json:"used_at"`
}

// Attempt is a login as it arrives.
type Attempt struct {
	Name, Password string
	Code           string // second factor or recovery code, "" when none was asked for yet
	Source, Agent  string
}

// NeedsCode says that name and password are right and the second factor is missing.
var NeedsCode error = planner.Errorf(planner.Unauthenticated, "请输入验证码", "the code of the second factor is needed")

// Settings are what administrators decide about access.
type Settings struct {
	RequireTOTP     bool     `json:"require_totp"`     // everybody with a password needs a second factor
	PublicLayers    []string `json:"public_layers"`    // collections that anybody reads without login
	SmallNumber     int      `json:"small_number"`     // counts below are not shown to the public, people
	IdleMinutes     int      `json:"idle_minutes"`     // a session ends so long after its last request
	AbsoluteMinutes int      `json:"absolute_minutes"` // and so long after login at the latest
}

// Defaults are the settings of a new installation.
var Defaults = Settings{PublicLayers: []string{}, SmallNumber: 10, IdleMinutes: 30, AbsoluteMinutes: 12 * 60}

// UserChange is what administrators alter of an account; the zero value is nothing.
type UserChange struct {
	Roles    []Role // nil leaves roles and prefix
	Prefix   string
	Disabled *bool
	Unlock   bool
	Reset    bool // a new one-time link; password and second factor are set anew
}
