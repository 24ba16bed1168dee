-- The list of customers can be in the order of each of its columns. As before, an index begins with the band, because band and
-- column correlate; it ends with the id, because many customers have the same number of orders.

CREATE INDEX "customer_score_shared_days_idx" ON "crm"."customer_score_shared" ("tenant_id", "band", "frequency", "customer_id");
CREATE INDEX "customer_score_shared_value_idx" ON "crm"."customer_score_shared" ("tenant_id", "band", "monetary_mean", "customer_id");
CREATE INDEX "customer_score_shared_orders_idx" ON "crm"."customer_score_shared" ("tenant_id", "band", "orders_90d", "customer_id");

-- Builds the indexes that a large tenant's sheet gets once it is in place: they are not what most readers wait for. Readers
-- do not wait, and a sheet that lost them is sorted without them.
CREATE FUNCTION "crm"."index_seated_sheet"() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET maintenance_work_mem = '128MB' AS $$
DECLARE
  sheet regclass;
BEGIN
  SELECT inhrelid::regclass INTO sheet FROM pg_inherits WHERE inhparent = to_regclass(format('sheet.%I', crm.score_home()));
  IF sheet IS NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE INDEX ON %s (band, frequency, customer_id)', sheet);
  EXECUTE format('CREATE INDEX ON %s (band, monetary_mean, customer_id)', sheet);
  EXECUTE format('CREATE INDEX ON %s (band, orders_90d, customer_id)', sheet);
END
$$;
REVOKE ALL ON FUNCTION "crm"."index_seated_sheet"() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "crm"."index_seated_sheet"() TO annex_tenant;

CREATE OR REPLACE FUNCTION "crm"."index_model_run"("run" bigint, "index" text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET maintenance_work_mem = '128MB' AS $$
DECLARE
  scores text := crm.model_run(run);
  name text := format('%I', 'model_' || replace(crm.scoring_tenant(), '-', '_') || '_' || run || '_' || index);
  columns text;
BEGIN
  IF index = 'customer' THEN
    EXECUTE format('CREATE UNIQUE INDEX IF NOT EXISTS %s ON %s (tenant_id, customer_id)', name, scores);
    RETURN;
  END IF;
  CASE index
    WHEN 'risk' THEN columns := 'probability, customer_id';
    WHEN 'recency' THEN columns := 'band, recency_days, customer_id';
    WHEN 'spend' THEN columns := 'band, spend_90d, customer_id';
    WHEN 'days' THEN columns := 'band, frequency, customer_id';
    WHEN 'value' THEN columns := 'band, monetary_mean, customer_id';
    WHEN 'orders' THEN columns := 'band, orders_90d, customer_id';
  END CASE;
  EXECUTE format('CREATE INDEX IF NOT EXISTS %s ON %s (%s)', name, scores, columns);
END
$$;

-- What there is already.
DO $$
DECLARE
  scores regclass;
BEGIN
  FOR scores IN
    SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND (n.nspname = 'sheet' OR n.nspname = 'crm' AND c.relname ~ '^model_.+_[0-9]+$')
  LOOP
    EXECUTE format('CREATE INDEX ON %s (band, frequency, customer_id)', scores);
    EXECUTE format('CREATE INDEX ON %s (band, monetary_mean, customer_id)', scores);
    EXECUTE format('CREATE INDEX ON %s (band, orders_90d, customer_id)', scores);
  END LOOP;
END
$$;
