-- Organisations that sign up themselves: one row per try, also for an address that has a user already. No tenant sees any.
CREATE TABLE "sign_up" (
  "id" TEXT COLLATE "C" NOT NULL,
  "organisation" TEXT NOT NULL,
  "person" TEXT NOT NULL,
  "email" TEXT NOT NULL,
  "user_id" TEXT,
  "tries" INTEGER NOT NULL DEFAULT 0,
  "resends" INTEGER NOT NULL DEFAULT 0,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "confirmed_at" TIMESTAMPTZ(3),
  "tenant_id" TEXT COLLATE "C",
  CONSTRAINT "sign_up_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "sign_up_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "sign_up_asks_once_confirmed" CHECK ("tenant_id" IS NULL OR ("confirmed_at" IS NOT NULL AND "user_id" IS NOT NULL))
);
COMMENT ON COLUMN "sign_up"."user_id" IS 'The Cognito sub of the user that was created. Null: the address had a user already, and nobody is told so.';
COMMENT ON COLUMN "sign_up"."tries" IS 'Codes that were entered.';
COMMENT ON COLUMN "sign_up"."tenant_id" IS 'The tenant that was asked for. Without one, the row is deleted once it has expired.';
CREATE UNIQUE INDEX "sign_up_tenant_id_key" ON "sign_up" ("tenant_id");
CREATE INDEX "sign_up_email_idx" ON "sign_up" (lower("email"), "created_at");
CREATE INDEX "sign_up_expires_at_idx" ON "sign_up" ("expires_at") WHERE "tenant_id" IS NULL;

-- Administrators see what waits for them, among many tenants that do not.
CREATE INDEX "tenant_requested_idx" ON "tenant" ("created_at", "id") WHERE "state" = 'requested';

ALTER TABLE "sign_up" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "control_plane" ON "sign_up" TO annex_control USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE, UPDATE ("tries", "resends", "confirmed_at", "organisation", "tenant_id") ON "sign_up" TO annex_control;
