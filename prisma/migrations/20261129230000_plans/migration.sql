-- What a tenant may use. A plan is a row with a name; its limits are versions, of which the newest is in force.
CREATE TABLE "plan" (
  "id" TEXT COLLATE "C" NOT NULL,
  "name" TEXT NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "retired_at" TIMESTAMPTZ(3),
  CONSTRAINT "plan_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "plan_id_is_a_slug" CHECK ("id" ~ '^[a-z0-9](-?[a-z0-9])+$' AND length("id") BETWEEN 2 AND 40),
  CONSTRAINT "plan_name_is_there" CHECK (btrim("name") <> ''),
  -- Tenants that nobody gave a plan have this one.
  CONSTRAINT "plan_default_is_kept" CHECK ("id" <> 'standard' OR "retired_at" IS NULL)
);
COMMENT ON COLUMN "plan"."retired_at" IS 'Since when no tenant is given it; nobody had it then.';
CREATE UNIQUE INDEX "plan_lower_name_key" ON "plan" (lower("name")) WHERE "retired_at" IS NULL;

CREATE TABLE "plan_version" (
  "plan_id" TEXT COLLATE "C" NOT NULL,
  "version" INTEGER NOT NULL,
  "variants" TEXT[],
  "extracts_per_day" INTEGER,
  "runs_at_once" INTEGER,
  "people" INTEGER,
  "endpoints" INTEGER,
  "monthly_budget_usd" INTEGER,
  "budget_brake" TEXT NOT NULL,
  "note" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "created_by" TEXT NOT NULL,
  "created_by_id" TEXT,
  CONSTRAINT "plan_version_pkey" PRIMARY KEY ("plan_id", "version"),
  CONSTRAINT "plan_version_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "plan_version_is_counted_from_one" CHECK ("version" >= 1),
  CONSTRAINT "plan_version_has_a_variant" CHECK (cardinality("variants") > 0),
  CONSTRAINT "plan_version_limits_are_positive" CHECK (
    "extracts_per_day" > 0 AND "runs_at_once" > 0 AND "people" > 0 AND "endpoints" > 0 AND "monthly_budget_usd" > 0),
  CONSTRAINT "plan_version_brake_is_known" CHECK ("budget_brake" IN ('warn', 'stop')),
  CONSTRAINT "plan_version_note_is_short" CHECK (char_length("note") BETWEEN 1 AND 500)
);
COMMENT ON TABLE "plan_version" IS 'Append-only. NULL in a limit: no limit.';
COMMENT ON COLUMN "plan_version"."variants" IS 'Service Catalog product ids of the workbenches that may be requested.';
COMMENT ON COLUMN "plan_version"."extracts_per_day" IS 'Extracts that may be submitted in a day in UTC.';
COMMENT ON COLUMN "plan_version"."runs_at_once" IS 'Job runs of extracts; the deployment has a bound of its own.';
COMMENT ON COLUMN "plan_version"."people" IS 'Users, those who were invited included.';
COMMENT ON COLUMN "plan_version"."endpoints" IS 'Endpoints with a registered version that are there.';
COMMENT ON COLUMN "plan_version"."budget_brake" IS 'What happens when the month has cost the whole budget.';

-- Before row-level security, which binds the owner as well. No limit that was not there before.
INSERT INTO "plan" ("id", "name") VALUES ('standard', 'Standard');
INSERT INTO "plan_version" ("plan_id", "version", "runs_at_once", "budget_brake", "created_by") VALUES ('standard', 1, 2, 'warn', 'Annex');

CREATE FUNCTION "plan_version_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'plan_version is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "plan_version_keeps_rows" BEFORE UPDATE OR DELETE ON "plan_version"
  FOR EACH ROW EXECUTE FUNCTION "plan_version_is_append_only"();
CREATE TRIGGER "plan_version_keeps_table" BEFORE TRUNCATE ON "plan_version"
  FOR EACH STATEMENT EXECUTE FUNCTION "plan_version_is_append_only"();

ALTER TABLE "tenant" ADD COLUMN "plan_id" TEXT COLLATE "C" NOT NULL DEFAULT 'standard';
ALTER TABLE "tenant" ADD CONSTRAINT "tenant_plan_id_fkey" FOREIGN KEY ("plan_id") REFERENCES "plan" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
-- Administrators filter tenants by plan, in both orders of the list.
CREATE INDEX "tenant_plan_id_lower_name_id_idx" ON "tenant" ("plan_id", lower("name"), "id");
CREATE INDEX "tenant_plan_id_created_at_id_idx" ON "tenant" ("plan_id", "created_at", "id");

-- A tenant reads the plan that it has. Notes, and who wrote a version, are the administrators' own.
ALTER TABLE "plan" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "plan_version" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_plan" ON "plan" FOR SELECT TO annex_tenant
  USING ("id" = (SELECT t."plan_id" FROM "tenant" t WHERE t."id" = current_setting('app.tenant_id', true)));
CREATE POLICY "own_plan" ON "plan_version" FOR SELECT TO annex_tenant
  USING ("plan_id" = (SELECT t."plan_id" FROM "tenant" t WHERE t."id" = current_setting('app.tenant_id', true)));
CREATE POLICY "control_plane" ON "plan" TO annex_control USING (true) WITH CHECK (true);
CREATE POLICY "control_plane" ON "plan_version" TO annex_control USING (true) WITH CHECK (true);
GRANT SELECT ON "plan" TO annex_tenant;
GRANT SELECT ("plan_id", "version", "variants", "extracts_per_day", "runs_at_once", "people", "endpoints", "monthly_budget_usd", "budget_brake", "created_at")
  ON "plan_version" TO annex_tenant;
GRANT SELECT, INSERT, UPDATE ("retired_at") ON "plan" TO annex_control;
GRANT SELECT, INSERT ON "plan_version" TO annex_control;
