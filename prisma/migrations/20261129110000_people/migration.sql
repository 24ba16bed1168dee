-- Owners manage the people of their tenant. Somebody who was invited has a row before the first sign-in.
ALTER TABLE "app_user" ALTER COLUMN "last_seen_at" DROP NOT NULL, ALTER COLUMN "last_seen_at" DROP DEFAULT;
ALTER TABLE "app_user" ADD COLUMN "invited_at" TIMESTAMPTZ(3), ADD COLUMN "invited_by" TEXT,
  ADD COLUMN "invitation_sent_at" TIMESTAMPTZ(3);
COMMENT ON COLUMN "app_user"."last_seen_at" IS 'Null: invited, and never signed in.';
COMMENT ON COLUMN "app_user"."invitation_sent_at" IS 'When Amazon Cognito last mailed a temporary password, which lasts seven days.';

-- Not the tenant of a person, and not the end of sessions, which triggers set.
GRANT INSERT, DELETE ON "app_user" TO annex_tenant;
GRANT UPDATE ("roles", "disabled_at", "invitation_sent_at") ON "app_user" TO annex_tenant;
CREATE POLICY "own_tenant_adds" ON "app_user" FOR INSERT TO annex_tenant
  WITH CHECK ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
CREATE POLICY "own_tenant_changes" ON "app_user" FOR UPDATE TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)))
  WITH CHECK ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
CREATE POLICY "own_tenant_removes" ON "app_user" FOR DELETE TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
