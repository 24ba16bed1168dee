-- The tenant's last import of orders: how far it is while it runs, and what became of it. An import is one transaction that others
-- see only when it is over, so its progress is told here. There is one row per tenant: the log of imports is the audit.
CREATE TABLE "crm"."order_import" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "id" TEXT COLLATE "C" NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'reading',
  "started_by" TEXT NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "seen_at" TIMESTAMPTZ(3) NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  "file_name" TEXT,
  "file_bytes" BIGINT,
  "read_bytes" BIGINT NOT NULL DEFAULT 0,
  "read_lines" BIGINT NOT NULL DEFAULT 0,
  "reading" JSONB NOT NULL,
  "proposal" JSONB,
  "reason" TEXT,
  "result" JSONB,
  CONSTRAINT "order_import_pkey" PRIMARY KEY ("tenant_id"),
  CONSTRAINT "order_import_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT "order_import_state_is_known" CHECK ("state" IN ('reading', 'storing', 'done', 'refused', 'interrupted', 'failed')),
  CONSTRAINT "order_import_has_a_result" CHECK (("state" = 'done') = ("result" IS NOT NULL))
);
COMMENT ON COLUMN "crm"."order_import"."seen_at" IS
  'When the process that imports last wrote here. An import that was not seen for long was cut off: its transaction is gone.';
COMMENT ON COLUMN "crm"."order_import"."reading" IS 'How the file was to be read: columns, separator, dates.';
COMMENT ON COLUMN "crm"."order_import"."proposal" IS 'How a refused file could be read, from its first lines.';

ALTER TABLE "crm"."order_import" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_tenant" ON "crm"."order_import" TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)))
  WITH CHECK ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
GRANT SELECT, INSERT, UPDATE ON "crm"."order_import" TO annex_tenant;
