-- +goose Up
-- Who may do what: officials, their sessions and tokens, and what they did. Secrets are kept as
-- hashes (passwords: argon2id; random tokens: SHA-256, they cannot be guessed) or sealed with the
-- key file that the database does not have (second factors).
CREATE TABLE app_user (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text NOT NULL UNIQUE CHECK (name = lower(name)),
    display     text NOT NULL DEFAULT '',
    password    text,                             -- PHC string with its own parameters; NULL until a link is used, or single sign-on
    roles       text[] NOT NULL DEFAULT '{}',
    prefix      text NOT NULL DEFAULT '' CHECK (prefix ~ '^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$'),
    totp_secret bytea,                            -- AES-256-GCM
    totp_on     boolean NOT NULL DEFAULT false,   -- confirmed by a first code
    totp_step   bigint NOT NULL DEFAULT 0,        -- last step that was spent
    issuer      text, subject text,               -- of the single sign-on
    disabled_at timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (issuer, subject),
    CHECK (NOT totp_on OR totp_secret IS NOT NULL),
    -- separation of powers, held here too, so that no statement by hand gets around it
    CHECK (('auditor' = ANY (roles))::int + ('system_admin' = ANY (roles))::int + ('security_admin' = ANY (roles))::int <= 1)
);

CREATE TABLE recovery_code (
    user_id bigint NOT NULL REFERENCES app_user ON DELETE CASCADE,
    hash    bytea  NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (user_id, hash)
);

CREATE TABLE app_session (
    hash       bytea PRIMARY KEY,
    user_id    bigint NOT NULL REFERENCES app_user ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,              -- idle time counts from here
    source     text NOT NULL,
    agent      text NOT NULL
);
CREATE INDEX app_session_user ON app_session (user_id);

CREATE TABLE api_token (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hash       bytea NOT NULL UNIQUE,
    user_id    bigint NOT NULL REFERENCES app_user ON DELETE CASCADE,
    name       text NOT NULL,
    scopes     text[] NOT NULL,                   -- actions; never more than the user may do
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    used_at    timestamptz
);
CREATE INDEX api_token_user ON api_token (user_id);

-- Links that set a password once: nobody is ever given one, and there is no default.
CREATE TABLE one_time_link (
    hash       bytea PRIMARY KEY,
    purpose    text NOT NULL CHECK (purpose IN ('first_start', 'invite')),
    user_id    bigint REFERENCES app_user ON DELETE CASCADE,
    roles      text[] NOT NULL DEFAULT '{}',      -- of the account that a link without one makes
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);

-- Failed logins by name (of a user or not, so that nothing is learnt) and by address.
CREATE TABLE login_throttle (
    key      text PRIMARY KEY,
    failures integer NOT NULL,
    last_at  timestamptz NOT NULL,
    until    timestamptz NOT NULL
);

CREATE TABLE access_setting (
    key   text PRIMARY KEY,
    value jsonb NOT NULL
);

-- +goose Down
DROP TABLE access_setting, login_throttle, one_time_link, api_token, app_session, recovery_code, app_user;
