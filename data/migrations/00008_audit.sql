-- +goose Up
-- The audit log. Rows are chained by SHA-256 and signed with a key outside of the database; the end of
-- the chain is kept in audit_head, so that a cut tail is found. Rows are only ever added: the privilege to change them
-- is taken from everybody, the owner included, and triggers refuse what a superuser tries by mistake.
CREATE TABLE audit_log (
    seq        bigint PRIMARY KEY CHECK (seq > 0),
    at         timestamptz NOT NULL,
    actor_id   bigint NOT NULL,                   -- no reference: the log outlives its users
    actor      text NOT NULL,
    action     text NOT NULL,
    object     text NOT NULL,
    unit       text NOT NULL,
    source     text NOT NULL,
    request_id text NOT NULL,
    before     json,                              -- json keeps the very bytes that were hashed
    after      json,
    reason     text NOT NULL,
    previous   bytea NOT NULL CHECK (length(previous) = 32),
    hash       bytea NOT NULL CHECK (length(hash) = 32),
    mac        bytea NOT NULL CHECK (length(mac) = 32)
);
CREATE INDEX audit_log_at ON audit_log (at);
CREATE INDEX audit_log_actor ON audit_log (actor, seq);

CREATE TABLE audit_head (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    pruned      bigint NOT NULL,
    pruned_hash bytea NOT NULL CHECK (length(pruned_hash) = 32),
    seq         bigint NOT NULL,
    hash        bytea NOT NULL CHECK (length(hash) = 32),
    mac         bytea NOT NULL CHECK (length(mac) = 32),
    key_id      bytea NOT NULL                    -- which key signed: a wrong key file is told from a forgery
);

-- Rows younger than six months (网络安全法 art. 21) are refused whatever is set; older ones go only through audit_cut.
-- +goose StatementBegin
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.at < now() - interval '6 months' AND OLD.seq <= coalesce(nullif(current_setting('lifecircle.audit_cut', true), ''), '0')::bigint THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
-- +goose StatementEnd
CREATE TRIGGER audit_log_rows BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_log_all BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
CREATE TRIGGER audit_head_all BEFORE TRUNCATE ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();

REVOKE ALL ON audit_log, audit_head FROM PUBLIC;
REVOKE UPDATE, DELETE, TRUNCATE ON audit_log FROM CURRENT_USER;
REVOKE DELETE, TRUNCATE ON audit_head FROM CURRENT_USER;

-- The one way to prune: the owner lends itself the privilege for one statement.
-- +goose StatementBegin
CREATE FUNCTION audit_cut(upto bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE n bigint;
BEGIN
    PERFORM set_config('lifecircle.audit_cut', upto::text, true);
    EXECUTE format('GRANT DELETE ON audit_log TO %I', current_user);
    DELETE FROM audit_log WHERE seq <= upto;
    GET DIAGNOSTICS n = ROW_COUNT;
    EXECUTE format('REVOKE DELETE ON audit_log FROM %I', current_user);
    PERFORM set_config('lifecircle.audit_cut', '', true);
    RETURN n;
END $$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION audit_cut(bigint) FROM PUBLIC;

-- +goose Down
DROP FUNCTION audit_cut(bigint);
DROP TABLE audit_head, audit_log;
DROP FUNCTION audit_append_only();
