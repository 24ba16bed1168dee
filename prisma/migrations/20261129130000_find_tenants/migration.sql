-- Administrators sort tenants by name in any case of letters, find them by the beginning of a name, in byte order, and filter them by
-- state, in both orders of the list.
DROP INDEX "tenant_name_id_idx";
DROP INDEX "tenant_lower_name_idx";
CREATE INDEX "tenant_lower_name_id_idx" ON "tenant" (lower("name"), "id");
CREATE INDEX "tenant_name_beginning_idx" ON "tenant" ((lower("name") COLLATE "C"));
CREATE INDEX "tenant_state_lower_name_id_idx" ON "tenant" ("state", lower("name"), "id");
CREATE INDEX "tenant_state_created_at_id_idx" ON "tenant" ("state", "created_at", "id");
