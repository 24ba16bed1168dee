-- Scores of the tenant's own model, and which scores readers see.
--
-- The default's scores stay where they are (crm.customer_score). A run of the model writes a table of its own, batch by batch, and
-- nobody sees it until `scoring.shown_run` names the run: one row's change turns every list, count and export over at
-- once. Turning back to the default (`mode`) touches no score at all.

-- What readers see, and how the model's endpoint fares. In `public`, because the control plane has to know whose endpoint is due
-- for a look; it reads those two columns and nothing else.
CREATE TABLE "scoring" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "mode" TEXT NOT NULL DEFAULT 'default',
  "since" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "reason" TEXT,
  "version" INTEGER,
  "shown_run" BIGINT,
  "latest_run" BIGINT,
  "failures" INTEGER NOT NULL DEFAULT 0,
  "cause" TEXT,
  "opened_at" TIMESTAMPTZ(3),
  "trials" INTEGER NOT NULL DEFAULT 0,
  "next_look_at" TIMESTAMPTZ(3),
  CONSTRAINT "scoring_pkey" PRIMARY KEY ("tenant_id"),
  CONSTRAINT "scoring_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "scoring_mode_is_known" CHECK ("mode" IN ('default', 'model', 'fallback')),
  CONSTRAINT "scoring_cause_is_known" CHECK ("cause" IN ('unreachable', 'answers')),
  CONSTRAINT "scoring_model_has_a_run" CHECK ("mode" <> 'model' OR "shown_run" IS NOT NULL),
  CONSTRAINT "scoring_fallback_has_a_reason" CHECK ("mode" <> 'fallback' OR "reason" IS NOT NULL)
);
CREATE INDEX "scoring_next_look_at_tenant_id_idx" ON "scoring" ("next_look_at", "tenant_id");
COMMENT ON COLUMN "scoring"."version" IS 'The registration that is followed; null: the default.';
COMMENT ON COLUMN "scoring"."shown_run" IS 'The newest whole run. Readers see it in mode model; it is kept through a fallback.';

CREATE TABLE "crm"."scoring_run" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "run" BIGINT GENERATED ALWAYS AS IDENTITY,
  "version" INTEGER NOT NULL,
  "revision" BIGINT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'waiting',
  "asked_by" TEXT,
  "asked_at" TIMESTAMPTZ(3) NOT NULL,
  "started_at" TIMESTAMPTZ(3),
  "touched_at" TIMESTAMPTZ(3) NOT NULL,
  "finished_at" TIMESTAMPTZ(3),
  "holder" TEXT,
  "rows_done" BIGINT NOT NULL DEFAULT 0,
  "rows_total" BIGINT NOT NULL,
  "last_customer" TEXT COLLATE "C",
  "failure" TEXT,
  "stored" BOOLEAN NOT NULL DEFAULT true,
  "histogram" INTEGER[] NOT NULL DEFAULT '{0,0,0,0,0,0,0,0,0,0}',
  "band_low" INTEGER NOT NULL DEFAULT 0,
  "band_medium" INTEGER NOT NULL DEFAULT 0,
  "band_high" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "scoring_run_pkey" PRIMARY KEY ("tenant_id", "run"),
  CONSTRAINT "scoring_run_state_is_known" CHECK ("state" IN ('waiting', 'running', 'done', 'failed', 'superseded')),
  CONSTRAINT "scoring_run_histogram_has_ten" CHECK (cardinality("histogram") = 10)
);
CREATE UNIQUE INDEX "scoring_run_one_open_key" ON "crm"."scoring_run" ("tenant_id") WHERE "state" IN ('waiting', 'running');
COMMENT ON COLUMN "crm"."scoring_run"."revision" IS 'Of the orders whose features were scored.';
COMMENT ON COLUMN "crm"."scoring_run"."asked_by" IS 'Who pressed the button; null: Annex itself.';
COMMENT ON COLUMN "crm"."scoring_run"."stored" IS 'Its table is there: crm.model_<tenant>_<run>, hyphens of the tenant as underscores.';
COMMENT ON COLUMN "crm"."scoring_run"."last_customer" IS 'Customers up to here are scored and stored; a run that was cut off goes on behind it.';

-- The form of the table that each run fills, itself empty: the columns of customer_score, so that the lists read either by the same
-- queries. The features are those that the model was given. Tables of their own, as large tenants have for the default's scores
-- (migration score_sheets), and for the same reasons: to fill them without indexes and index them once costs a fraction of
-- filling four indexes row by row, the planner has figures of each, and an old run is dropped and
-- leaves nothing for vacuum. As no query reads several runs, no partitioned table is above them whose lock all would share.
CREATE TABLE "crm"."model_score" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "customer_id" TEXT COLLATE "C" NOT NULL,
  "recency_days" DOUBLE PRECISION NOT NULL,
  "frequency" INTEGER NOT NULL,
  "monetary_mean" DOUBLE PRECISION NOT NULL,
  "tenure_days" DOUBLE PRECISION NOT NULL,
  "orders_90d" INTEGER NOT NULL,
  "spend_90d" DOUBLE PRECISION NOT NULL,
  "gap_mean_days" DOUBLE PRECISION NOT NULL,
  "tickets_90d" INTEGER NOT NULL,
  "probability" DOUBLE PRECISION NOT NULL,
  "version" INTEGER NOT NULL,
  "scored_at" TIMESTAMPTZ(3) NOT NULL,
  -- 1 low, 2 medium, 3 high, as in customer_score
  "band" SMALLINT NOT NULL GENERATED ALWAYS AS (
    CASE WHEN "probability" < 0.4 THEN 1 WHEN "probability" < 0.7 THEN 2 ELSE 3 END
  ) STORED,
  CONSTRAINT "model_score_pkey" PRIMARY KEY ("tenant_id", "customer_id"),
  CONSTRAINT "model_score_probability_range" CHECK ("probability" BETWEEN 0 AND 1)
);

-- The product's role owns no table and makes none. These act on tables of the tenant whose transaction calls them.

CREATE FUNCTION "crm"."model_run"("run" bigint) RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT format('crm.%I', 'model_' || replace(crm.scoring_tenant(), '-', '_') || '_' || run)
$$;

-- Makes the run's table.
CREATE FUNCTION "crm"."open_model_run"("run" bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  scores text := crm.model_run(run);
BEGIN
  EXECUTE format(
    'CREATE TABLE %s (LIKE crm.model_score INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING CONSTRAINTS, CONSTRAINT model_score_of_one_tenant CHECK (tenant_id = %L))',
    scores, crm.scoring_tenant());
  PERFORM crm.protect_scores(scores);
  EXECUTE format('GRANT SELECT, INSERT ON %s TO annex_tenant', scores);
END
$$;

-- Builds one of the filled table's indexes, where it is not there yet; several at a time, by several connections.
CREATE FUNCTION "crm"."index_model_run"("run" bigint, "index" text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET maintenance_work_mem = '128MB' AS $$
DECLARE
  scores text := crm.model_run(run);
  name text := format('%I', 'model_' || replace(crm.scoring_tenant(), '-', '_') || '_' || run || '_' || index);
BEGIN
  CASE index
    WHEN 'customer' THEN
      EXECUTE format('CREATE UNIQUE INDEX IF NOT EXISTS %s ON %s (tenant_id, customer_id)', name, scores);
    WHEN 'risk' THEN
      EXECUTE format('CREATE INDEX IF NOT EXISTS %s ON %s (probability, customer_id)', name, scores);
    WHEN 'recency' THEN
      EXECUTE format('CREATE INDEX IF NOT EXISTS %s ON %s (band, recency_days, customer_id)', name, scores);
    WHEN 'spend' THEN
      EXECUTE format('CREATE INDEX IF NOT EXISTS %s ON %s (band, spend_90d, customer_id)', name, scores);
  END CASE;
END
$$;

-- From then on no row of the run's table changes.
CREATE FUNCTION "crm"."seal_model_run"("run" bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('REVOKE INSERT ON %s FROM annex_tenant', crm.model_run(run));
END
$$;

-- Figures for the planner, which would have none until the next autovacuum; readers need not wait for them.
CREATE FUNCTION "crm"."analyse_model_run"("run" bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET default_statistics_target = 20 AS $$
BEGIN
  EXECUTE format('ANALYZE %s', crm.model_run(run));
END
$$;

CREATE FUNCTION "crm"."drop_model_run"("run" bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('DROP TABLE IF EXISTS %s', crm.model_run(run));
END
$$;

REVOKE ALL ON FUNCTION "crm"."model_run"(bigint), "crm"."open_model_run"(bigint), "crm"."index_model_run"(bigint, text),
  "crm"."seal_model_run"(bigint), "crm"."analyse_model_run"(bigint), "crm"."drop_model_run"(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "crm"."open_model_run"(bigint), "crm"."index_model_run"(bigint, text), "crm"."seal_model_run"(bigint),
  "crm"."analyse_model_run"(bigint), "crm"."drop_model_run"(bigint) TO annex_tenant;

CREATE TABLE "crm"."score_comparison" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "run" BIGINT NOT NULL,
  "computed_at" TIMESTAMPTZ(3) NOT NULL,
  "summary" JSONB NOT NULL,
  CONSTRAINT "score_comparison_pkey" PRIMARY KEY ("tenant_id")
);
COMMENT ON TABLE "crm"."score_comparison" IS 'How the default and the model compare on the same customers, as of the run.';

ALTER TABLE "scoring" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_tenant" ON "scoring" TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)))
  WITH CHECK ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
CREATE POLICY "control_plane" ON "scoring" FOR SELECT TO annex_control USING (true);
GRANT SELECT, INSERT, UPDATE ON "scoring" TO annex_tenant;
GRANT SELECT ("tenant_id", "next_look_at") ON "scoring" TO annex_control;

DO $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['scoring_run', 'model_score', 'score_comparison'] LOOP
    EXECUTE format('ALTER TABLE crm.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format(
      'CREATE POLICY own_tenant ON crm.%I TO annex_tenant
         USING (tenant_id = (SELECT current_setting(''app.tenant_id'', true)))
         WITH CHECK (tenant_id = (SELECT current_setting(''app.tenant_id'', true)))', relation);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON crm.%I TO annex_tenant', relation);
  END LOOP;
  REVOKE INSERT, UPDATE, DELETE ON crm.model_score FROM annex_tenant;
END
$$;
