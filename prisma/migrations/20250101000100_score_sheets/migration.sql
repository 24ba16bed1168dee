-- Scores of a large tenant are written beside the old ones and change places with them.
--
-- Every refit changes every score, and three indexes are in the order of scores and features: to insert a million rows into
-- them one by one costs several times what it costs to build them anew. So a large tenant has a partition of its own,
-- customer_score > sheet.<tenant> > sheet.<tenant>_<transaction>, and a refit fills a new sheet that nobody sees, builds
-- its indexes, and puts it in place of the old one, which is dropped: nothing is left for vacuum. The level between keeps the
-- short exclusive lock of that exchange off the other tenants. Small tenants share the default partition.
--
-- The indexes in the lists' orders belong to the partitions, not to the table: those of a sheet need no tenant_id in front, and
-- are built in half the time without a first column that is the same in every row.
--
-- A statement sees one sheet, whole. A transaction of REPEATABLE READ that began before an exchange and reads afterwards finds
-- the new sheet empty, as after TRUNCATE: read scores under READ COMMITTED, or in one statement.

ALTER TABLE "crm"."customer_score" RENAME TO "customer_score_shared";
ALTER TABLE "crm"."customer_score_shared" RENAME CONSTRAINT "customer_score_pkey" TO "customer_score_shared_pkey";
ALTER INDEX "crm"."customer_score_risk_idx" RENAME TO "customer_score_shared_risk_idx";
ALTER INDEX "crm"."customer_score_recency_idx" RENAME TO "customer_score_shared_recency_idx";
ALTER INDEX "crm"."customer_score_spend_idx" RENAME TO "customer_score_shared_spend_idx";
REVOKE ALL ON "crm"."customer_score_shared" FROM annex_tenant;

CREATE TABLE "crm"."customer_score" (
  LIKE "crm"."customer_score_shared" INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS,
  CONSTRAINT "customer_score_pkey" PRIMARY KEY ("tenant_id", "customer_id")
) PARTITION BY LIST ("tenant_id");
ALTER TABLE "crm"."customer_score" ATTACH PARTITION "crm"."customer_score_shared" DEFAULT;

ALTER TABLE "crm"."customer_score" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_tenant" ON "crm"."customer_score" TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)))
  WITH CHECK ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
GRANT SELECT, INSERT, UPDATE, DELETE ON "crm"."customer_score" TO annex_tenant;

-- The product's role owns no table and makes none. These three act on the partition of the tenant whose transaction calls
-- them and take no name from it; called in one transaction, in this order.

-- A schema of their own: nothing else takes a name there.
CREATE SCHEMA "sheet";
GRANT USAGE ON SCHEMA "sheet" TO annex_tenant;

-- The tenant of the transaction. Its form is checked because it becomes part of names.
CREATE FUNCTION "crm"."scoring_tenant"() RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  tenant text := current_setting('app.tenant_id', true);
BEGIN
  IF tenant IS NULL OR tenant !~ '^[a-z0-9](-?[a-z0-9])+$' OR length(tenant) > 40 THEN
    RAISE EXCEPTION 'This transaction is not inside a tenant.' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN tenant;
END
$$;

-- Names cannot meet, and none is long enough to be cut: a partition is named by a slug, which holds no underscore; a sheet by
-- a slug, an underscore and digits; and PostgreSQL ends the names that it chooses for indexes in _pkey or _idx.
CREATE FUNCTION "crm"."score_home"() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT crm.scoring_tenant()
$$;
CREATE FUNCTION "crm"."score_sheet"() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT crm.scoring_tenant() || '_' || pg_current_xact_id()
$$;

CREATE FUNCTION "crm"."protect_scores"("relation" text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', relation);
  EXECUTE format(
    'CREATE POLICY own_tenant ON %s TO annex_tenant
       USING (tenant_id = (SELECT current_setting(''app.tenant_id'', true)))
       WITH CHECK (tenant_id = (SELECT current_setting(''app.tenant_id'', true)))', relation);
END
$$;

-- Makes the new sheet, which only this transaction sees. `seated`: the tenant has a partition of its own already.
CREATE FUNCTION "crm"."open_score_sheet"(OUT "sheet" text, OUT "seated" boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  sheet := format('sheet.%I', crm.score_sheet());
  seated := to_regclass(format('sheet.%I', crm.score_home())) IS NOT NULL;
  EXECUTE format(
    'CREATE TABLE %s (LIKE crm.customer_score INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS, CONSTRAINT customer_score_of_one_tenant CHECK (tenant_id = %L))',
    sheet, crm.scoring_tenant());
  PERFORM crm.protect_scores(sheet);
  EXECUTE format('GRANT SELECT, INSERT ON %s TO annex_tenant', sheet);
END
$$;

-- Builds the filled sheet's indexes, and figures for the planner, which would have none until the next autovacuum.
CREATE FUNCTION "crm"."index_score_sheet"() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET maintenance_work_mem = '128MB' SET default_statistics_target = 20 AS $$
DECLARE
  sheet text := format('sheet.%I', crm.score_sheet());
BEGIN
  EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (tenant_id, customer_id)', sheet);
  EXECUTE format('CREATE INDEX ON %s (probability, customer_id)', sheet);
  EXECUTE format('CREATE INDEX ON %s (band, recency_days, customer_id)', sheet);
  EXECUTE format('CREATE INDEX ON %s (band, spend_90d, customer_id)', sheet);
  EXECUTE format('ANALYZE %s', sheet);
END
$$;

-- Puts the indexed sheet in place of the one before. Waits for statements that read this tenant's scores.
CREATE FUNCTION "crm"."seat_score_sheet"() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  sheet text := format('sheet.%I', crm.score_sheet());
  home text := format('sheet.%I', crm.score_home());
  tenant text := crm.scoring_tenant();
  old regclass;
BEGIN
  EXECUTE format('REVOKE ALL ON %s FROM annex_tenant', sheet);
  IF to_regclass(home) IS NOT NULL THEN
    FOR old IN SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = to_regclass(home) LOOP
      EXECUTE format('DROP TABLE %s', old);
    END LOOP;
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES IN (%L)', home, sheet, tenant);
  ELSE
    EXECUTE format('CREATE TABLE %s (LIKE crm.customer_score INCLUDING ALL, CONSTRAINT customer_score_of_one_tenant CHECK (tenant_id = %L)) PARTITION BY LIST (tenant_id)', home, tenant);
    PERFORM crm.protect_scores(home);
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES IN (%L)', home, sheet, tenant);
    EXECUTE format('ALTER TABLE crm.customer_score ATTACH PARTITION %s FOR VALUES IN (%L)', home, tenant);
  END IF;
END
$$;

REVOKE ALL ON FUNCTION "crm"."scoring_tenant"(), "crm"."score_home"(), "crm"."score_sheet"(), "crm"."protect_scores"(text),
  "crm"."open_score_sheet"(), "crm"."index_score_sheet"(), "crm"."seat_score_sheet"() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "crm"."open_score_sheet"(), "crm"."index_score_sheet"(), "crm"."seat_score_sheet"() TO annex_tenant;
