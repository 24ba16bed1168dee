-- Who, in which role, with what result, from what to what.
ALTER TABLE "audit_event"
  ADD COLUMN "roles" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "result" TEXT NOT NULL DEFAULT 'done',
  ADD COLUMN "before" JSONB,
  ADD COLUMN "after" JSONB,
  ADD CONSTRAINT "audit_event_result_is_known" CHECK ("result" IN ('done', 'refused', 'failed', 'asked')),
  -- Bytes in their order, so that an index finds what begins with a text.
  ALTER COLUMN "subject" TYPE TEXT COLLATE "C",
  ALTER COLUMN "actor_name" TYPE TEXT COLLATE "C";
COMMENT ON COLUMN "audit_event"."roles" IS 'Roles of the actor. Empty: unknown, as in rows from before there was this column.';
COMMENT ON COLUMN "audit_event"."result" IS 'asked: the work follows, and its end has a row of its own.';

-- The lists are by time, newest first, and each filter is found by an index in that order.
DROP INDEX "audit_event_tenant_id_id_idx";
CREATE INDEX "audit_event_at_id_idx" ON "audit_event" ("at", "id");
CREATE INDEX "audit_event_action_at_id_idx" ON "audit_event" ("action", "at", "id");
CREATE INDEX "audit_event_actor_name_at_id_idx" ON "audit_event" ("actor_name", "at", "id");
CREATE INDEX "audit_event_result_at_id_idx" ON "audit_event" ("result", "at", "id");
CREATE INDEX "audit_event_subject_at_id_idx" ON "audit_event" ("subject", "at", "id");
CREATE INDEX "audit_event_tenant_id_at_id_idx" ON "audit_event" ("tenant_id", "at", "id");
CREATE INDEX "audit_event_tenant_id_action_at_id_idx" ON "audit_event" ("tenant_id", "action", "at", "id");
CREATE INDEX "audit_event_tenant_id_actor_name_at_id_idx" ON "audit_event" ("tenant_id", "actor_name", "at", "id");
CREATE INDEX "audit_event_tenant_id_result_at_id_idx" ON "audit_event" ("tenant_id", "result", "at", "id");
CREATE INDEX "audit_event_tenant_id_subject_at_id_idx" ON "audit_event" ("tenant_id", "subject", "at", "id");

-- When it happened is the database's to say, so `at` is not among them.
REVOKE INSERT ON "audit_event" FROM annex_tenant, annex_control;
GRANT INSERT ("id", "tenant_id", "actor_id", "actor_name", "roles", "action", "subject", "result", "detail", "before", "after",
  "request_id", "idempotency_key") ON "audit_event" TO annex_tenant, annex_control;

-- The chains (decision 31). One per tenant, and one of the control plane, whose name is empty.

CREATE TABLE "audit_head" (
  "chain" TEXT COLLATE "C" NOT NULL,
  "seq" BIGINT NOT NULL,
  "hash" BYTEA NOT NULL,
  CONSTRAINT "audit_head_pkey" PRIMARY KEY ("chain")
);
COMMENT ON TABLE "audit_head" IS 'The last link of each chain.';

CREATE TABLE "audit_link" (
  "event_id" TEXT COLLATE "C" NOT NULL,
  "chain" TEXT COLLATE "C" NOT NULL,
  "seq" BIGINT,
  "digest" BYTEA NOT NULL,
  "hash" BYTEA,
  CONSTRAINT "audit_link_pkey" PRIMARY KEY ("event_id"),
  CONSTRAINT "audit_link_is_whole" CHECK (("seq" IS NULL) = ("hash" IS NULL))
);
COMMENT ON TABLE "audit_link" IS 'The place of each audit event in its chain.';
COMMENT ON COLUMN "audit_link"."seq" IS 'From 1, without gaps. Null only inside the transaction that adds the event.';
COMMENT ON COLUMN "audit_link"."digest" IS 'SHA-256 of the event, see audit_digest.';
COMMENT ON COLUMN "audit_link"."hash" IS 'SHA-256 of the hash before (32 zero bytes before the first), seq (8 bytes, big-endian) and digest.';
CREATE UNIQUE INDEX "audit_link_chain_seq_key" ON "audit_link" ("chain", "seq");
CREATE INDEX "audit_link_pending_idx" ON "audit_link" ("chain") WHERE "seq" IS NULL;

ALTER TABLE "audit_head" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "audit_link" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
-- The functions below act as the owner. The verifier reads as the control plane. Nobody else has a part in it.
CREATE POLICY "chains_are_kept" ON "audit_head" TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY "chains_are_kept" ON "audit_link" TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY "control_plane" ON "audit_head" FOR SELECT TO annex_control USING (true);
CREATE POLICY "control_plane" ON "audit_link" FOR SELECT TO annex_control USING (true);
GRANT SELECT ON "audit_head", "audit_link" TO annex_control;

-- A value as a netstring: its length in bytes, a colon, the value. `-` stands for null. A comma ends each.
CREATE FUNCTION "audit_field"("value" text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN value IS NULL THEN '-,' ELSE octet_length(convert_to(value, 'UTF8')) || ':' || value || ',' END
$$;

-- The digest of an event: SHA-256 of its values as netstrings, in this order, in UTF-8. `at` in milliseconds since the epoch, what is
-- JSON as PostgreSQL writes jsonb.
CREATE FUNCTION "audit_digest"("event" "audit_event") RETURNS bytea LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(convert_to(string_agg(public.audit_field(value), '' ORDER BY place), 'UTF8'))
  FROM unnest(ARRAY[
    event.id, event.tenant_id, (extract(epoch FROM event.at) * 1000)::bigint::text, event.actor_id, event.actor_name,
    to_jsonb(event.roles)::text, event.action, event.subject, event.result, event.detail::text, event.before::text,
    event.after::text, event.request_id, event.idempotency_key
  ]) WITH ORDINALITY AS fields (value, place)
$$;

CREATE FUNCTION "audit_hash"("before" bytea, "seq" bigint, "digest" bytea) RETURNS bytea
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(before || int8send(seq) || digest)
$$;

REVOKE ALL ON FUNCTION "audit_field"(text), "audit_digest"("audit_event"), "audit_hash"(bytea, bigint, bytea) FROM PUBLIC;

-- What is there already: refusals and failures get their result, and every event its link, oldest first. Nobody else can write
-- meanwhile, since the table is locked above.
ALTER TABLE "audit_event" NO FORCE ROW LEVEL SECURITY;
ALTER TABLE "audit_event" DISABLE TRIGGER "audit_event_keeps_rows";
UPDATE "audit_event" SET "result" = 'refused' WHERE "action" = 'access.refused';
UPDATE "audit_event" SET "result" = 'failed'
  WHERE "action" IN ('extracts.advance', 'workbench.advance') AND "detail" ->> 'state' = 'failed';
ALTER TABLE "audit_event" ENABLE TRIGGER "audit_event_keeps_rows";
DO $$
DECLARE
  present RECORD;
  head audit_head;
BEGIN
  FOR present IN
    SELECT e.id, coalesce(e.tenant_id, '') AS chain, audit_digest(e) AS digest FROM audit_event e
    ORDER BY chain, e.at, e.id
  LOOP
    IF head.chain IS DISTINCT FROM present.chain THEN
      INSERT INTO audit_head SELECT head.* WHERE head.chain IS NOT NULL;
      head := ROW (present.chain, 0, decode(repeat('00', 32), 'hex'));
    END IF;
    head.seq := head.seq + 1;
    head.hash := audit_hash(head.hash, head.seq, present.digest);
    INSERT INTO audit_link VALUES (present.id, head.chain, head.seq, present.digest, head.hash);
  END LOOP;
  INSERT INTO audit_head SELECT head.* WHERE head.chain IS NOT NULL;
END
$$;
ALTER TABLE "audit_event" FORCE ROW LEVEL SECURITY;

-- Each new event gets a link at once, whose place in the chain is still open.
CREATE FUNCTION "audit_event_gets_a_link"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO public.audit_link (event_id, chain, digest)
  VALUES (NEW.id, coalesce(NEW.tenant_id, ''), public.audit_digest(NEW));
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION "audit_event_gets_a_link"() FROM PUBLIC;
CREATE TRIGGER "audit_event_is_linked" AFTER INSERT ON "audit_event"
  FOR EACH ROW EXECUTE FUNCTION "audit_event_gets_a_link"();

-- When the transaction commits, its links join their chains: all of them when the first one's turn comes, and the chains in the order
-- of their names, so that two transactions never wait for each other. Open links are those of this transaction: nobody sees another's.
CREATE FUNCTION "audit_links_join_chains"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  head public.audit_head;
  pending RECORD;
BEGIN
  IF NOT EXISTS (SELECT FROM public.audit_link WHERE event_id = NEW.event_id AND seq IS NULL) THEN
    RETURN NULL;
  END IF;
  INSERT INTO public.audit_head
  SELECT DISTINCT chain, 0, decode(repeat('00', 32), 'hex') FROM public.audit_link WHERE seq IS NULL ORDER BY chain
  ON CONFLICT DO NOTHING;
  FOR head IN
    SELECT h.* FROM public.audit_head h
    WHERE h.chain IN (SELECT chain FROM public.audit_link WHERE seq IS NULL)
    ORDER BY h.chain FOR UPDATE OF h
  LOOP
    FOR pending IN
      SELECT event_id, digest FROM public.audit_link WHERE chain = head.chain AND seq IS NULL ORDER BY event_id
    LOOP
      head.seq := head.seq + 1;
      head.hash := public.audit_hash(head.hash, head.seq, pending.digest);
      UPDATE public.audit_link SET seq = head.seq, hash = head.hash WHERE event_id = pending.event_id;
    END LOOP;
    UPDATE public.audit_head SET seq = head.seq, hash = head.hash WHERE chain = head.chain;
  END LOOP;
  RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION "audit_links_join_chains"() FROM PUBLIC;
CREATE CONSTRAINT TRIGGER "audit_link_joins_chain" AFTER INSERT ON "audit_link" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION "audit_links_join_chains"();

-- Not even the owner changes a link that is in its chain, or takes one out.
CREATE FUNCTION "audit_links_stay"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.seq IS NULL AND (OLD.event_id, OLD.chain, OLD.digest) = (NEW.event_id, NEW.chain, NEW.digest) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit_link is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
REVOKE ALL ON FUNCTION "audit_links_stay"() FROM PUBLIC;
CREATE TRIGGER "audit_link_keeps_rows" BEFORE UPDATE OR DELETE ON "audit_link"
  FOR EACH ROW EXECUTE FUNCTION "audit_links_stay"();
CREATE TRIGGER "audit_link_keeps_table" BEFORE TRUNCATE ON "audit_link"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_links_stay"();
