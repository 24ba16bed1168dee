-- Registrations of tenants' own models, what was found of them, and which of them was in use from when on. Nothing here is
-- ever changed: going back is another activation.

CREATE TABLE "contract_report" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "endpoint_name" TEXT COLLATE "C" NOT NULL,
  "tested_at" TIMESTAMPTZ(3) NOT NULL,
  "tested_by" TEXT NOT NULL,
  "passed" BOOLEAN NOT NULL,
  "report" JSONB NOT NULL,
  CONSTRAINT "contract_report_pkey" PRIMARY KEY ("tenant_id", "endpoint_name", "tested_at"),
  CONSTRAINT "contract_report_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE "model_version" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "version" INTEGER NOT NULL,
  "endpoint_name" TEXT COLLATE "C" NOT NULL,
  "content_type" TEXT NOT NULL,
  "tested_at" TIMESTAMPTZ(3) NOT NULL,
  "report" JSONB NOT NULL,
  "registered_by" TEXT NOT NULL,
  "registered_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "model_version_pkey" PRIMARY KEY ("tenant_id", "version"),
  CONSTRAINT "model_version_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "model_version_is_counted_from_one" CHECK ("version" >= 1),
  CONSTRAINT "model_version_content_type_is_known" CHECK ("content_type" IN ('text/csv', 'application/json'))
);
CREATE UNIQUE INDEX "model_version_tenant_id_endpoint_name_tested_at_key" ON "model_version" ("tenant_id", "endpoint_name", "tested_at");
COMMENT ON COLUMN "model_version"."version" IS 'Counted per tenant, under the lock annex.models of the tenant.';
COMMENT ON COLUMN "model_version"."tested_at" IS 'Of the report: registering one report twice makes one version.';

CREATE TABLE "model_activation" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "number" INTEGER NOT NULL,
  "version" INTEGER,
  "activated_by" TEXT NOT NULL,
  "activated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "model_activation_pkey" PRIMARY KEY ("tenant_id", "number"),
  CONSTRAINT "model_activation_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "model_activation_tenant_id_version_fkey" FOREIGN KEY ("tenant_id", "version") REFERENCES "model_version" ("tenant_id", "version") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "model_activation_is_counted_from_one" CHECK ("number" >= 1)
);
COMMENT ON COLUMN "model_activation"."version" IS 'Null: the statistical default. The newest row tells what is in use.';

CREATE FUNCTION "models_are_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

DO $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['contract_report', 'model_version', 'model_activation'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format(
      'CREATE POLICY own_tenant ON %I TO annex_tenant
         USING (tenant_id = (SELECT current_setting(''app.tenant_id'', true)))
         WITH CHECK (tenant_id = (SELECT current_setting(''app.tenant_id'', true)))', relation);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO annex_tenant', relation);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION models_are_append_only()', relation || '_keeps_rows', relation);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION models_are_append_only()', relation || '_keeps_table', relation);
  END LOOP;
END
$$;
