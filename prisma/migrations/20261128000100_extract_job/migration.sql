-- The login of the extract job. It reads what an extract may hold and is a member of no role, so that no statement can take
-- another role. It sees a tenant's rows only with an order that this tenant sealed: a setting that names another tenant shows none.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'annex_extract') THEN
    CREATE ROLE annex_extract LOGIN NOINHERIT;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'annex_extract' AND (rolsuper OR rolbypassrls OR rolcreaterole))
    OR EXISTS (SELECT FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = 'annex_extract') THEN
    RAISE EXCEPTION 'Role annex_extract must be NOSUPERUSER NOBYPASSRLS NOCREATEROLE and a member of no role.';
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO annex_extract', current_database());
END
$$;
GRANT USAGE ON SCHEMA public, crm TO annex_extract;

-- Keyed with what is derived from the tenant's salt. `salted_hash`, whose results tenants see, never has this key.
CREATE FUNCTION "crm"."order_seal"("order" text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  key bytea := (
    SELECT sha256(s.salt || convert_to('extract order', 'UTF8'))
    FROM crm.mask_salt s WHERE s.tenant_id = current_setting('app.tenant_id', true)
  );
BEGIN
  RETURN encode(sha256(key || sha256(key || convert_to("order", 'UTF8'))), 'hex');
END
$$;

-- The proof that the transaction's tenant ordered `order`. No tenant, no seal.
CREATE FUNCTION "crm"."seal_order"("order" text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  seal text := crm.order_seal("order");
BEGIN
  IF seal IS NULL THEN
    RAISE EXCEPTION 'This transaction is not inside a tenant.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN seal;
END
$$;

-- The tenant of the transaction if the order in `app.order` has this tenant's seal in `app.seal`; otherwise NULL.
CREATE FUNCTION "crm"."sealed_tenant"() RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF crm.order_seal(current_setting('app.order', true)) = current_setting('app.seal', true) THEN
    RETURN current_setting('app.tenant_id', true);
  END IF;
  RETURN NULL;
END
$$;

REVOKE ALL ON FUNCTION "crm"."order_seal"(text), "crm"."seal_order"(text), "crm"."sealed_tenant"() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "crm"."seal_order"(text) TO annex_tenant;
GRANT EXECUTE ON FUNCTION "crm"."sealed_tenant"(), "crm"."salted_hash"(text) TO annex_extract;

DO $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['history', 'customer', 'customer_order', 'ticket', 'watermark'] LOOP
    EXECUTE format(
      'CREATE POLICY sealed_order ON crm.%I FOR SELECT TO annex_extract
         USING (tenant_id = (SELECT crm.sealed_tenant()))', relation);
  END LOOP;
END
$$;
CREATE POLICY "sealed_order" ON "tenant" FOR SELECT TO annex_extract USING ("id" = (SELECT "crm"."sealed_tenant"()));
CREATE POLICY "extract_job" ON "extract_policy" FOR SELECT TO annex_extract USING (true);

GRANT SELECT ON "crm"."customer", "crm"."customer_order", "crm"."ticket", "crm"."watermark", "extract_policy" TO annex_extract;
GRANT SELECT ("tenant_id", "revision") ON "crm"."history" TO annex_extract;
GRANT SELECT ("id", "account_id") ON "tenant" TO annex_extract;
