-- A standard policy for every tenant, and overrides for single ones; from when a version is in force, and how many rows it lets out.

ALTER TABLE "extract_policy"
  ALTER COLUMN "columns" DROP NOT NULL,
  ADD COLUMN "tenant_id" TEXT COLLATE "C",
  ADD COLUMN "row_limit" INTEGER,
  ADD COLUMN "effective_at" TIMESTAMPTZ(3),
  ADD COLUMN "note" TEXT,
  ADD COLUMN "created_by_id" TEXT;

-- What is there has been in force from the beginning. The owner is bound by row-level security, and rows are kept as they are.
ALTER TABLE "extract_policy" NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER "extract_policy_keeps_rows";
UPDATE "extract_policy" SET "effective_at" = "created_at";
ALTER TABLE "extract_policy" FORCE ROW LEVEL SECURITY, ENABLE TRIGGER "extract_policy_keeps_rows";

ALTER TABLE "extract_policy"
  -- Not rounded up: a version that is in force at once must not begin after its own transaction.
  ALTER COLUMN "effective_at" SET DEFAULT date_trunc('milliseconds', CURRENT_TIMESTAMP),
  ALTER COLUMN "effective_at" SET NOT NULL,
  ADD CONSTRAINT "extract_policy_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  ADD CONSTRAINT "extract_policy_row_limit_is_positive" CHECK ("row_limit" > 0),
  ADD CONSTRAINT "extract_policy_only_overrides_end" CHECK ("columns" IS NOT NULL OR ("tenant_id" IS NOT NULL AND "row_limit" IS NULL)),
  ADD CONSTRAINT "extract_policy_note_is_short" CHECK (char_length("note") BETWEEN 1 AND 500);
CREATE INDEX "extract_policy_tenant_id_dataset_version_idx" ON "extract_policy" ("tenant_id", "dataset", "version");

COMMENT ON COLUMN "extract_policy"."tenant_id" IS 'The tenant whose override this is; NULL: the standard.';
COMMENT ON COLUMN "extract_policy"."columns" IS
  'Mask by column: none, drop, redact, hash, partial, generalize. A column that is not named does not leave the CRM. NULL: from here on, the tenant follows the standard again.';
COMMENT ON COLUMN "extract_policy"."row_limit" IS 'An extract with more rows is refused. NULL: no limit.';

-- Nobody sees the override of another tenant: tenants their own, the extract job that of the tenant that sealed its order.
DROP POLICY "every_tenant" ON "extract_policy";
DROP POLICY "extract_job" ON "extract_policy";
CREATE POLICY "standard" ON "extract_policy" FOR SELECT TO annex_tenant USING ("tenant_id" IS NULL);
CREATE POLICY "own_tenant" ON "extract_policy" FOR SELECT TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
CREATE POLICY "standard_for_job" ON "extract_policy" FOR SELECT TO annex_extract USING ("tenant_id" IS NULL);
CREATE POLICY "sealed_order" ON "extract_policy" FOR SELECT TO annex_extract USING ("tenant_id" = (SELECT "crm"."sealed_tenant"()));

-- The one rule of what is in force, for the portal and both extract jobs: per dataset, the newest override of the tenant that has
-- begun and has not ended; otherwise the newest standard that has begun. Without a tenant: the standards.
CREATE FUNCTION "extract_policies_in_force"("for_tenant" text) RETURNS SETOF "extract_policy"
LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT DISTINCT ON (newest.dataset) newest.* FROM (
    SELECT DISTINCT ON (p.dataset, p.tenant_id) p.* FROM public.extract_policy p
    WHERE (p.tenant_id IS NULL OR p.tenant_id = for_tenant) AND p.effective_at <= now()
    ORDER BY p.dataset, p.tenant_id, p.version DESC
  ) AS newest
  WHERE newest.columns IS NOT NULL
  ORDER BY newest.dataset, newest.tenant_id NULLS LAST
$$;
REVOKE ALL ON FUNCTION "extract_policies_in_force"(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "extract_policies_in_force"(text) TO annex_tenant, annex_control, annex_extract;
