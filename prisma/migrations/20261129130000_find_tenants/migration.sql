-- Administrators find tenants by the beginning of a name, in byte order, and filter them by state, in both orders of the list.
CREATE INDEX "tenant_name_beginning_idx" ON "tenant" ((lower("name") COLLATE "C"));
CREATE INDEX "tenant_state_name_id_idx" ON "tenant" ("state", "name", "id");
CREATE INDEX "tenant_state_created_at_id_idx" ON "tenant" ("state", "created_at", "id");
