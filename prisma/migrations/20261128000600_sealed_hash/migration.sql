-- The extract job's login hashes with the salt of the tenant that sealed its order, as it sees that tenant's rows only. Otherwise a
-- setting that names another tenant would let it try values until one has the hash of a masked one.
CREATE OR REPLACE FUNCTION "crm"."salted_hash"("value" text) RETURNS text
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  tenant text := CASE session_user WHEN 'annex_extract' THEN crm.sealed_tenant() ELSE current_setting('app.tenant_id', true) END;
  salt bytea := (SELECT s.salt FROM crm.mask_salt s WHERE s.tenant_id = tenant);
BEGIN
  IF salt IS NULL THEN
    RAISE EXCEPTION 'This transaction is not inside a tenant.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN encode(sha256(salt || sha256(salt || convert_to(value, 'UTF8'))), 'hex');
END
$$;
