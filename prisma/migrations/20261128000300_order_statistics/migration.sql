-- Statistics right after an import. Until the next autovacuum the planner knows nothing of the new rows: an extract of training
-- data then joins them row by row and takes minutes instead of seconds. The product's role owns no table, so this acts as the owner.
CREATE FUNCTION "crm"."analyse_orders"() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  ANALYZE crm.customer, crm.customer_order;
END
$$;
REVOKE ALL ON FUNCTION "crm"."analyse_orders"() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "crm"."analyse_orders"() TO annex_tenant;
