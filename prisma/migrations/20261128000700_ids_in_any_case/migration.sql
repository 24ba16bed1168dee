-- Customers are found by their id in any case. The id has the collation C, in which `lower` changes ASCII letters alone, but a search
-- is lowered by the database's own collation: nobody found `ÉCOLE-1`. Both now use the latter.
CREATE OR REPLACE FUNCTION "crm"."keep_customer_terms"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    DELETE FROM crm.customer_term WHERE tenant_id = OLD.tenant_id AND customer_id = OLD.id;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO crm.customer_term (tenant_id, term, customer_id)
    SELECT NEW.tenant_id, term, NEW.id
    FROM (
      SELECT regexp_split_to_table(lower(NEW.name), '[[:space:]]+')
      UNION SELECT lower(NEW.email)
      UNION SELECT lower(NEW.id COLLATE "default")
    ) AS found (term)
    WHERE term <> '' AND term COLLATE "C" <> NEW.id;
  END IF;
  RETURN NULL;
END
$$;
DROP TRIGGER "customer_terms_inserted" ON "crm"."customer";
CREATE TRIGGER "customer_terms_inserted" AFTER INSERT ON "crm"."customer" FOR EACH ROW
  WHEN (NEW.name IS NOT NULL OR NEW.email IS NOT NULL OR NEW.id <> lower(NEW.id COLLATE "default") COLLATE "C")
  EXECUTE FUNCTION "crm"."keep_customer_terms"();
DROP TRIGGER "customer_terms_deleted" ON "crm"."customer";
CREATE TRIGGER "customer_terms_deleted" AFTER DELETE ON "crm"."customer" FOR EACH ROW
  WHEN (OLD.name IS NOT NULL OR OLD.email IS NOT NULL OR OLD.id <> lower(OLD.id COLLATE "default") COLLATE "C")
  EXECUTE FUNCTION "crm"."keep_customer_terms"();

INSERT INTO "crm"."customer_term" ("tenant_id", "term", "customer_id")
SELECT "tenant_id", lower("id" COLLATE "default"), "id" FROM "crm"."customer"
WHERE "id" <> lower("id" COLLATE "default") COLLATE "C"
ON CONFLICT DO NOTHING;
