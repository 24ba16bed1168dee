-- How a reader of the replica knows that it has caught up: the primary raises a tenant's watermark after everything that
-- must be there, and what is replayed in the order of commits shows the one not before the other.

CREATE TABLE "crm"."watermark" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "position" BIGINT NOT NULL,
  "raised_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "watermark_pkey" PRIMARY KEY ("tenant_id"),
  CONSTRAINT "watermark_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE RESTRICT
);
COMMENT ON COLUMN "crm"."watermark"."raised_at" IS
  'Whoever sees this row sees everything that had been committed for the tenant by this instant.';

ALTER TABLE "crm"."watermark" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_tenant" ON "crm"."watermark" TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)))
  WITH CHECK ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
GRANT SELECT, INSERT, UPDATE ON "crm"."watermark" TO annex_tenant;
