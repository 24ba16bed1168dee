-- The overview of administrators names the tenants that were added last.
CREATE INDEX "tenant_created_at_id_idx" ON "tenant" ("created_at", "id");
