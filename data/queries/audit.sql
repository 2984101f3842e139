-- The audit log: appended to, read, pruned; never changed.

-- name: audit_lock
SELECT pg_advisory_xact_lock(hashtext('lifecircle.audit'));

-- name: audit_head
SELECT pruned, pruned_hash, seq, hash, mac, key_id FROM audit_head;

-- name: audit_set_head
INSERT INTO audit_head (pruned, pruned_hash, seq, hash, mac, key_id) VALUES (@pruned, @pruned_hash, @seq, @hash, @mac, @key_id)
ON CONFLICT (one) DO UPDATE SET pruned = excluded.pruned, pruned_hash = excluded.pruned_hash, seq = excluded.seq, hash = excluded.hash, mac = excluded.mac, key_id = excluded.key_id;

-- name: audit_append
INSERT INTO audit_log (seq, at, actor_id, actor, action, object, unit, source, request_id, before, after, reason, previous, hash, mac)
VALUES (@seq, @at, @actor_id, @actor, @action, @object, @unit, @source, @request_id, @before, @after, @reason, @previous, @hash, @mac);

-- name: audit_rows
SELECT seq, at, actor_id, actor, action, object, unit, source, request_id, before::text, after::text, reason, previous, hash, mac
FROM audit_log WHERE seq > @after
  AND (@actor::text = '' OR actor = @actor) AND (@action::text = '' OR action = @action)
  AND starts_with(unit, @prefix) AND at >= @since AND at < @till
ORDER BY seq LIMIT @limit;

-- name: audit_first_kept
SELECT seq FROM audit_log WHERE at >= @till ORDER BY seq LIMIT 1;

-- name: audit_at
SELECT hash FROM audit_log WHERE seq = @seq;

-- name: audit_cut
SELECT audit_cut(@upto);
