-- What AWS Marketplace said of an agreement. Its events come in any order, late and twice, so each column keeps the latest time at which
-- something happened, and what follows from them does not depend on the order.
CREATE TABLE "agreement" (
  "id" TEXT COLLATE "C" NOT NULL,
  "account_id" TEXT COLLATE "C" NOT NULL,
  "product_code" TEXT COLLATE "C",
  "license_arn" TEXT COLLATE "C",
  "created_at" TIMESTAMPTZ(3),
  "amended_at" TIMESTAMPTZ(3),
  "ended_at" TIMESTAMPTZ(3),
  "end_status" TEXT,
  "licensed_at" TIMESTAMPTZ(3),
  "deprovisioned_at" TIMESTAMPTZ(3),
  CONSTRAINT "agreement_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "agreement_account_is_one" CHECK ("account_id" ~ '^\d{12}$')
);
COMMENT ON COLUMN "agreement"."account_id" IS 'AWS account of the buyer.';
COMMENT ON COLUMN "agreement"."end_status" IS 'RENEWED and REPLACED: another agreement goes on with the licence.';
CREATE INDEX "agreement_license_arn_idx" ON "agreement" ("license_arn");
CREATE INDEX "agreement_account_id_idx" ON "agreement" ("account_id");

CREATE TABLE "subscription" (
  "id" TEXT COLLATE "C" NOT NULL,
  "listing_id" TEXT COLLATE "C" NOT NULL,
  "seller_id" TEXT COLLATE "C" NOT NULL,
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "account_id" TEXT COLLATE "C" NOT NULL,
  "license_arn" TEXT COLLATE "C" NOT NULL,
  "agreement_id" TEXT COLLATE "C",
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "licensed_at" TIMESTAMPTZ(3),
  "ended_at" TIMESTAMPTZ(3),
  "deprovisioned_at" TIMESTAMPTZ(3),
  "suspended_at" TIMESTAMPTZ(3),
  "suspended_by" TEXT,
  "suspended_reason" TEXT,
  "removed_at" TIMESTAMPTZ(3),
  "state" TEXT NOT NULL GENERATED ALWAYS AS (
    CASE
      WHEN "removed_at" IS NOT NULL THEN 'cancelled'
      WHEN "deprovisioned_at" IS NOT NULL OR "ended_at" IS NOT NULL THEN 'cancelling'
      WHEN "licensed_at" IS NULL THEN 'pending'
      WHEN "suspended_at" IS NOT NULL THEN 'suspended'
      ELSE 'active'
    END) STORED,
  "version" INTEGER,
  "deployment" TEXT NOT NULL DEFAULT 'none',
  "steps" JSONB NOT NULL DEFAULT '[]',
  "attempt" INTEGER NOT NULL DEFAULT 1,
  "revision" INTEGER NOT NULL DEFAULT 1,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "subscription_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "subscription_listing_fkey" FOREIGN KEY ("listing_id", "seller_id") REFERENCES "listing" ("id", "seller_id")
    ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "subscription_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "subscription_version_fkey" FOREIGN KEY ("listing_id", "version") REFERENCES "listing_version" ("listing_id", "version")
    ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "subscription_deployment_is_known" CHECK ("deployment" IN ('none', 'running', 'done', 'failed', 'removing', 'removed')),
  CONSTRAINT "subscription_suspension_is_whole" CHECK (num_nonnulls("suspended_at", "suspended_by", "suspended_reason") IN (0, 3))
);
COMMENT ON COLUMN "subscription"."license_arn" IS 'Of AWS License Manager. It stays when an agreement is renewed or replaced.';
COMMENT ON COLUMN "subscription"."licensed_at" IS 'Since when usage is accepted; null: not yet.';
COMMENT ON COLUMN "subscription"."removed_at" IS 'When the endpoint was taken down after the end.';
CREATE UNIQUE INDEX "subscription_license_arn_key" ON "subscription" ("license_arn");
CREATE INDEX "subscription_tenant_id_created_at_id_idx" ON "subscription" ("tenant_id", "created_at", "id");
CREATE INDEX "subscription_seller_id_created_at_id_idx" ON "subscription" ("seller_id", "created_at", "id");
CREATE INDEX "subscription_listing_id_idx" ON "subscription" ("listing_id");
CREATE INDEX "subscription_open_idx" ON "subscription" ("updated_at", "id")
  WHERE "removed_at" IS NULL AND ("deployment" = 'running' OR "deprovisioned_at" IS NOT NULL OR "ended_at" IS NOT NULL
    OR ("licensed_at" IS NOT NULL AND "deployment" = 'none'));

ALTER TABLE "agreement" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "subscription" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "control_plane" ON "agreement" TO annex_control USING (true) WITH CHECK (true);
CREATE POLICY "own_tenant" ON "subscription" TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)))
  WITH CHECK ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
CREATE POLICY "own_seller" ON "subscription" TO annex_seller
  USING ("seller_id" = (SELECT current_setting('app.seller_id', true)))
  WITH CHECK ("seller_id" = (SELECT current_setting('app.seller_id', true)));
CREATE POLICY "control_plane" ON "subscription" TO annex_control USING (true) WITH CHECK (true);
CREATE POLICY "purge" ON "subscription" AS RESTRICTIVE FOR DELETE TO annex_tenant USING ("may_purge"("tenant_id"));

GRANT SELECT, INSERT, UPDATE ON "agreement" TO annex_control;
GRANT SELECT, INSERT, UPDATE ("agreement_id", "licensed_at", "ended_at", "deprovisioned_at", "updated_at") ON "subscription"
  TO annex_control;
GRANT SELECT, DELETE, UPDATE ("version", "deployment", "steps", "attempt", "revision", "removed_at", "updated_at") ON "subscription"
  TO annex_tenant;
-- A seller sees who subscribed, and neither what the buyer's account holds nor how the set-up went in words of the buyer's AWS.
GRANT SELECT ("id", "listing_id", "seller_id", "tenant_id", "account_id", "license_arn", "agreement_id", "created_at", "licensed_at",
  "ended_at", "deprovisioned_at", "suspended_at", "suspended_by", "suspended_reason", "removed_at", "state", "version", "deployment",
  "updated_at") ON "subscription" TO annex_seller;
GRANT UPDATE ("suspended_at", "suspended_by", "suspended_reason", "updated_at") ON "subscription" TO annex_seller;

-- A tenant keeps reading what it has subscribed to.
CREATE POLICY "subscribed" ON "listing" FOR SELECT TO annex_tenant
  USING (EXISTS (SELECT FROM "subscription" s WHERE s."listing_id" = "listing"."id"));
