-- How a tenant is closed: one row per tenant that somebody closed, or began to.
CREATE TABLE "closing" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "reason" TEXT NOT NULL,
  "state" TEXT NOT NULL,
  "steps" JSONB NOT NULL,
  "delete_after" TIMESTAMPTZ(3) NOT NULL,
  "counts" JSONB,
  "left_over" JSONB NOT NULL DEFAULT '[]',
  "certificate" TEXT,
  "attempt" INTEGER NOT NULL DEFAULT 1,
  "revision" INTEGER NOT NULL DEFAULT 1,
  "asked_by_id" TEXT NOT NULL,
  "asked_by" TEXT NOT NULL,
  "asked_at" TIMESTAMPTZ(3) NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "closing_pkey" PRIMARY KEY ("tenant_id"),
  CONSTRAINT "closing_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "closing_state_is_known" CHECK ("state" IN ('running', 'failed', 'done', 'cancelled'))
);
COMMENT ON COLUMN "closing"."delete_after" IS 'Nothing is deleted before.';
COMMENT ON COLUMN "closing"."left_over" IS 'What could not be deleted by itself.';
CREATE INDEX "closing_open_idx" ON "closing" ("updated_at", "tenant_id") WHERE "state" = 'running';

ALTER TABLE "closing" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_tenant" ON "closing" TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)))
  WITH CHECK ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
CREATE POLICY "control_plane" ON "closing" TO annex_control USING (true) WITH CHECK (true);
CREATE POLICY "owner_of_functions" ON "closing" FOR SELECT TO CURRENT_USER
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
GRANT SELECT, UPDATE ("state", "steps", "counts", "left_over", "attempt", "revision", "updated_at") ON "closing" TO annex_tenant;
GRANT SELECT, INSERT, UPDATE ON "closing" TO annex_control;

-- Whether the data of the tenant may be deleted now: somebody is closing it, and the time for which it is kept is over. The product
-- may not delete what the tables below hold in any other case, whatever its code says.
CREATE FUNCTION "may_purge"("tenant" text) RETURNS boolean LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT EXISTS (
    SELECT FROM public.closing c WHERE c.tenant_id = tenant AND c.state = 'running' AND c.delete_after <= now()
  )
$$;

DO $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['public.doctor_run', 'public.scoring', 'public.contract_report', 'public.model_version', 'public.model_activation',
    'crm.order_import', 'crm.watermark'] LOOP
    EXECUTE format(
      'CREATE POLICY purge ON %s AS RESTRICTIVE FOR DELETE TO annex_tenant USING (public.may_purge(tenant_id))', relation);
    EXECUTE format('GRANT DELETE ON %s TO annex_tenant', relation);
  END LOOP;
END
$$;

CREATE POLICY "purge" ON "onboarding" AS RESTRICTIVE FOR DELETE TO annex_control USING ("may_purge"("tenant_id"));
GRANT DELETE ON "onboarding" TO annex_control;

CREATE OR REPLACE FUNCTION "models_are_append_only"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF public.may_purge(OLD.tenant_id) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE POLICY "purge" ON "crm"."mask_salt" FOR DELETE TO CURRENT_USER
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)) AND "public"."may_purge"("tenant_id"));

-- Deletes what no role of the product reaches: the partition of the tenant's scores, and the salt of its masks.
CREATE FUNCTION "crm"."purge_own_tables"() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
  tenant text := crm.scoring_tenant();
BEGIN
  IF NOT public.may_purge(tenant) THEN
    RAISE EXCEPTION 'The data of % is kept.', tenant USING ERRCODE = 'insufficient_privilege';
  END IF;
  EXECUTE format('DROP TABLE IF EXISTS sheet.%I', crm.score_home());
  DELETE FROM crm.mask_salt WHERE tenant_id = tenant;
END
$$;

REVOKE ALL ON FUNCTION "may_purge"(text), "crm"."purge_own_tables"() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "may_purge"(text) TO annex_tenant, annex_control;
GRANT EXECUTE ON FUNCTION "crm"."purge_own_tables"() TO annex_tenant;
