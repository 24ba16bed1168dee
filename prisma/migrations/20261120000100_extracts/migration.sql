-- What may leave the CRM, and in which form. Read by every tenant, written by the control plane, a version at a time.

CREATE TABLE "extract_policy" (
  "dataset" TEXT COLLATE "C" NOT NULL,
  "version" INTEGER NOT NULL,
  "columns" JSONB NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "created_by" TEXT NOT NULL,
  CONSTRAINT "extract_policy_pkey" PRIMARY KEY ("dataset", "version"),
  CONSTRAINT "extract_policy_version_is_positive" CHECK ("version" > 0),
  CONSTRAINT "extract_policy_columns_are_named" CHECK (jsonb_typeof("columns") = 'object')
);
COMMENT ON COLUMN "extract_policy"."columns" IS
  'Mask by column: none, drop, redact, hash, partial, generalize. A column that is not named does not leave the CRM.';

-- Before row-level security, which binds the owner as well.
INSERT INTO "extract_policy" ("dataset", "version", "columns", "created_by") VALUES
  ('customers', 1, '{"customer_id": "none", "name": "redact", "email": "hash", "created_at": "none"}', 'Annex'),
  ('orders', 1, '{"customer_id": "none", "ordered_at": "none", "quantity": "none", "amount": "none"}', 'Annex'),
  ('tickets', 1, '{"ticket_id": "none", "customer_id": "none", "opened_at": "none", "subject": "redact"}', 'Annex'),
  ('churn_features', 1, '{"customer_id": "none", "recency_days": "none", "frequency": "none", "monetary_mean": "none", "tenure_days": "none", "orders_90d": "none", "spend_90d": "none", "gap_mean_days": "none", "tickets_90d": "none"}', 'Annex'),
  ('churn_training', 1, '{"customer_id": "none", "churned": "none", "recency_days": "none", "frequency": "none", "monetary_mean": "none", "tenure_days": "none", "orders_90d": "none", "spend_90d": "none", "gap_mean_days": "none", "tickets_90d": "none"}', 'Annex');

CREATE FUNCTION "extract_policy_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'extract_policy is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "extract_policy_keeps_rows" BEFORE UPDATE OR DELETE ON "extract_policy"
  FOR EACH ROW EXECUTE FUNCTION "extract_policy_is_append_only"();
CREATE TRIGGER "extract_policy_keeps_table" BEFORE TRUNCATE ON "extract_policy"
  FOR EACH STATEMENT EXECUTE FUNCTION "extract_policy_is_append_only"();

ALTER TABLE "extract_policy" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "every_tenant" ON "extract_policy" FOR SELECT TO annex_tenant USING (true);
CREATE POLICY "control_plane" ON "extract_policy" TO annex_control USING (true) WITH CHECK (true);
GRANT SELECT ON "extract_policy" TO annex_tenant;
GRANT SELECT, INSERT ON "extract_policy" TO annex_control;

-- A salt a tenant: equal values have equal hashes within a tenant and not across two, and nobody who has an extract can try
-- values. No role of the product reads it; `salted_hash` does.

CREATE TABLE "crm"."mask_salt" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "salt" BYTEA NOT NULL,
  CONSTRAINT "mask_salt_pkey" PRIMARY KEY ("tenant_id"),
  CONSTRAINT "mask_salt_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE RESTRICT
);

-- Of 244 random bits: two UUIDs of version 4.
CREATE FUNCTION "crm"."new_salt"() RETURNS bytea LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
  SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
$$;

ALTER TABLE "tenant" NO FORCE ROW LEVEL SECURITY;
INSERT INTO "crm"."mask_salt" ("tenant_id", "salt") SELECT "id", "crm"."new_salt"() FROM "tenant";
ALTER TABLE "tenant" FORCE ROW LEVEL SECURITY;

ALTER TABLE "crm"."mask_salt" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_tenant" ON "crm"."mask_salt" FOR SELECT TO CURRENT_USER
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
CREATE POLICY "new_tenant" ON "crm"."mask_salt" FOR INSERT TO CURRENT_USER WITH CHECK (true);

CREATE FUNCTION "crm"."salt_new_tenant"() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  INSERT INTO crm.mask_salt (tenant_id, salt) VALUES (NEW.id, crm.new_salt());
  RETURN NULL;
END
$$;
CREATE TRIGGER "tenant_has_a_salt" AFTER INSERT ON "tenant" FOR EACH ROW EXECUTE FUNCTION "crm"."salt_new_tenant"();

-- A keyed hash of `value` under the salt of the transaction's tenant, in hexadecimal: SHA-256, nested as in HMAC, so that a hash
-- tells nothing of a longer value's. No tenant, no hash: it fails rather than hash without a salt.
CREATE FUNCTION "crm"."salted_hash"("value" text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  salt bytea := (SELECT s.salt FROM crm.mask_salt s WHERE s.tenant_id = current_setting('app.tenant_id', true));
BEGIN
  IF salt IS NULL THEN
    RAISE EXCEPTION 'This transaction is not inside a tenant.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN encode(sha256(salt || sha256(salt || convert_to(value, 'UTF8'))), 'hex');
END
$$;

REVOKE ALL ON FUNCTION "crm"."new_salt"(), "crm"."salt_new_tenant"(), "crm"."salted_hash"(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "crm"."salted_hash"(text) TO annex_tenant;
