-- A tenant's life. Only an active tenant's people get in; `requested` waits for an administrator, `closed` is kept for the audit.
ALTER TABLE "tenant" DROP CONSTRAINT "tenant_state_is_known";
ALTER TABLE "tenant" ADD CONSTRAINT "tenant_state_is_known"
  CHECK ("state" IN ('requested', 'declined', 'active', 'suspended', 'closing', 'closed'));
CREATE INDEX "tenant_lower_name_idx" ON "tenant" (lower("name"));

DROP TRIGGER "tenant_suspension_ends_sessions" ON "tenant";
CREATE TRIGGER "tenant_suspension_ends_sessions" BEFORE UPDATE ON "tenant" FOR EACH ROW
  WHEN (OLD.state = 'active' AND NEW.state <> 'active')
  EXECUTE FUNCTION "end_sessions"();

-- How a tenant was set up: one row per tenant that an administrator onboarded.
CREATE TABLE "onboarding" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "owner_email" TEXT NOT NULL,
  "owner_id" TEXT,
  "variant_id" TEXT,
  "state" TEXT NOT NULL,
  "steps" JSONB NOT NULL,
  "attempt" INTEGER NOT NULL DEFAULT 1,
  "revision" INTEGER NOT NULL DEFAULT 1,
  "asked_by_id" TEXT NOT NULL,
  "asked_by" TEXT NOT NULL,
  "asked_at" TIMESTAMPTZ(3) NOT NULL,
  "updated_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "onboarding_pkey" PRIMARY KEY ("tenant_id"),
  CONSTRAINT "onboarding_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "onboarding_state_is_known" CHECK ("state" IN ('running', 'failed', 'done', 'undoing', 'undone'))
);
COMMENT ON COLUMN "onboarding"."variant_id" IS 'The variant of the workbench that is requested, too; null: none.';
CREATE INDEX "onboarding_open_idx" ON "onboarding" ("updated_at", "tenant_id") WHERE "state" IN ('running', 'undoing');

ALTER TABLE "onboarding" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_tenant" ON "onboarding" TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)))
  WITH CHECK ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
CREATE POLICY "control_plane" ON "onboarding" TO annex_control USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE ("owner_id", "state", "steps", "attempt", "revision", "updated_at") ON "onboarding" TO annex_tenant;
GRANT SELECT, INSERT, UPDATE ("owner_id", "state", "steps", "attempt", "revision", "updated_at") ON "onboarding" TO annex_control;
