-- Officials: accounts, sessions, tokens, links, settings.

-- name: user_by_name
SELECT u.id, u.name, u.display, coalesce(u.password, ''), u.roles, u.prefix, u.totp_secret, u.totp_on, u.totp_step, u.disabled_at IS NOT NULL
FROM app_user u WHERE u.name = @name;

-- name: user_by_session
SELECT u.id, u.name, u.display, u.roles, u.prefix, u.totp_on, s.created_at, s.seen_at
FROM app_session s JOIN app_user u ON u.id = s.user_id WHERE s.hash = @hash AND u.disabled_at IS NULL;

-- name: user_by_token
SELECT u.id, u.name, u.display, u.roles, u.prefix, t.scopes, t.id
FROM api_token t JOIN app_user u ON u.id = t.user_id
WHERE t.hash = @hash AND t.revoked_at IS NULL AND t.expires_at > @now AND u.disabled_at IS NULL;

-- name: user_by_subject
SELECT u.id, u.name FROM app_user u WHERE u.issuer = @issuer AND u.subject = @subject AND u.disabled_at IS NULL;

-- name: all_users
SELECT u.id, u.name, u.display, u.roles, u.prefix, u.totp_on, u.password IS NOT NULL, u.disabled_at IS NOT NULL, u.created_at,
       (SELECT max(s.seen_at) FROM app_session s WHERE s.user_id = u.id), coalesce((SELECT t.until > @now FROM login_throttle t WHERE t.key = 'name:' || u.name), false)
FROM app_user u ORDER BY u.name;

-- name: count_users
SELECT count(*) FROM app_user;

-- name: zone_towns
SELECT coalesce(array_agg(DISTINCT substr(key, 1, 9)) FILTER (WHERE starts_with(reporting_parent, @prefix) AND NOT starts_with(key, @prefix)), '{}'),
       coalesce(array_agg(DISTINCT substr(key, 1, 9)) FILTER (WHERE NOT starts_with(reporting_parent, @prefix) AND starts_with(key, @prefix)), '{}')
FROM unit WHERE to_version = open_version() AND level = 4 AND reporting_parent IS NOT NULL AND reporting_parent <> coalesce(parent_code, '') AND @prefix::text <> '';

-- name: add_user
INSERT INTO app_user (name, display) VALUES (@name, @display) ON CONFLICT (name) DO NOTHING RETURNING id;

-- name: set_roles
UPDATE app_user SET roles = @roles, prefix = @prefix WHERE id = @id;

-- name: set_disabled
UPDATE app_user SET disabled_at = CASE WHEN @disabled::boolean THEN now() END WHERE id = @id;

-- name: set_password
UPDATE app_user SET password = @password WHERE id = @id;

-- name: set_subject
UPDATE app_user SET issuer = @issuer, subject = @subject WHERE name = @name AND issuer IS NULL AND disabled_at IS NULL RETURNING id;

-- name: set_totp
UPDATE app_user SET totp_secret = @secret, totp_on = @on, totp_step = @step WHERE id = @id;

-- name: spend_totp
UPDATE app_user SET totp_step = @step WHERE id = @id AND totp_step < @step;

-- name: drop_recovery_codes
DELETE FROM recovery_code WHERE user_id = @id;

-- name: add_recovery_code
INSERT INTO recovery_code (user_id, hash) VALUES (@id, @hash);

-- name: spend_recovery_code
UPDATE recovery_code SET used_at = now() WHERE user_id = @id AND hash = @hash AND used_at IS NULL;

-- name: add_session
INSERT INTO app_session (hash, user_id, created_at, seen_at, source, agent) VALUES (@hash, @id, @now, @now, @source, @agent);

-- name: touch_session
UPDATE app_session SET seen_at = @now WHERE hash = @hash;

-- name: drop_session
DELETE FROM app_session WHERE hash = @hash RETURNING user_id;

-- name: drop_sessions
DELETE FROM app_session WHERE user_id = @id AND hash <> @keep;

-- name: drop_old_sessions
DELETE FROM app_session WHERE seen_at < @idle OR created_at < @absolute;

-- name: add_token
INSERT INTO api_token (hash, user_id, name, scopes, created_at, expires_at) VALUES (@hash, @id, @name, @scopes, @now, @expires) RETURNING id;

-- name: tokens_of
SELECT t.id, u.name, t.name, t.scopes, t.created_at, t.expires_at, t.revoked_at, t.used_at FROM api_token t JOIN app_user u ON u.id = t.user_id WHERE t.user_id = @id OR @id = 0 ORDER BY t.id;

-- name: touch_token
UPDATE api_token SET used_at = @now WHERE id = @id AND (used_at IS NULL OR used_at < @now::timestamptz - interval '1 minute');

-- name: revoke_token
UPDATE api_token SET revoked_at = @now WHERE id = @token AND (user_id = @id OR @id = 0) AND revoked_at IS NULL RETURNING user_id;

-- name: add_link
INSERT INTO one_time_link (hash, purpose, user_id, roles, expires_at) VALUES (@hash, @purpose, @id, @roles, @expires);

-- name: drop_links
DELETE FROM one_time_link WHERE purpose = @purpose AND user_id IS NOT DISTINCT FROM @id;

-- name: use_link
UPDATE one_time_link SET used_at = @now WHERE hash = @hash AND used_at IS NULL AND expires_at > @now RETURNING user_id, roles;

-- name: throttled
SELECT coalesce(max(until), '-infinity') FROM login_throttle WHERE key = ANY (@keys::text[]) AND until > @now;

-- name: throttle
INSERT INTO login_throttle AS t (key, failures, last_at, until) VALUES (@key, 1, @now, @now)
ON CONFLICT (key) DO UPDATE SET failures = CASE WHEN t.last_at < @now::timestamptz - interval '1 day' THEN 1 ELSE t.failures + 1 END, last_at = @now,
    until = CASE WHEN t.failures + 1 >= @free THEN @now::timestamptz + least(interval '1 minute' * power(2, t.failures + 1 - @free), interval '1 hour') ELSE @now END
RETURNING failures, until;

-- name: unthrottle
DELETE FROM login_throttle WHERE key = @key;

-- name: settings
SELECT key, value::text FROM access_setting;

-- name: set_setting
INSERT INTO access_setting (key, value) VALUES (@key, @value) ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- name: mask
SELECT (SELECT count(*) FROM withheld) || '.' || (SELECT count(*) FROM run WHERE small_number IS NOT NULL) || '.' || coalesce((SELECT value::text FROM access_setting WHERE key = 'small_number'), '');
