-- What the doctor last found at each link of a tenant's workbench.
CREATE TABLE "doctor_run" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "links" JSONB NOT NULL DEFAULT '[]',
  "failing" TEXT,
  "asked_by" TEXT NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "finished_at" TIMESTAMPTZ(3),
  "busy_until" TIMESTAMPTZ(3),
  CONSTRAINT "doctor_run_pkey" PRIMARY KEY ("tenant_id"),
  CONSTRAINT "doctor_run_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
COMMENT ON COLUMN "doctor_run"."failing" IS 'The first link that failed; null: none did.';
COMMENT ON COLUMN "doctor_run"."finished_at" IS 'Of the newest results; null: it never came to an end.';
COMMENT ON COLUMN "doctor_run"."busy_until" IS 'A run is under way until then, unless it ends earlier.';

ALTER TABLE "doctor_run" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_tenant" ON "doctor_run" TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)))
  WITH CHECK ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
CREATE POLICY "control_plane" ON "doctor_run" TO annex_control USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON "doctor_run" TO annex_tenant, annex_control;
