-- Roles. Passwords are set by whoever runs the server; the login role is made here only where nobody made it before.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'annex_tenant') THEN
    CREATE ROLE annex_tenant NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'annex_control') THEN
    CREATE ROLE annex_control NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'annex_portal') THEN
    CREATE ROLE annex_portal LOGIN NOINHERIT;
  END IF;
  IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'annex_portal' AND (rolsuper OR rolbypassrls OR rolinherit)) THEN
    RAISE EXCEPTION 'Role annex_portal must be NOSUPERUSER NOBYPASSRLS NOINHERIT, or rows of one tenant could reach another.';
  END IF;
END
$$;
GRANT annex_tenant, annex_control TO annex_portal;

DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO annex_portal', current_database());
  -- Order imports stage the file in a temporary table.
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO annex_tenant', current_database());
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO annex_tenant, annex_control;
CREATE SCHEMA "crm";
GRANT USAGE ON SCHEMA crm TO annex_tenant;

-- Control plane ------------------------------------------------------------------------------------------------------

CREATE TABLE "tenant" (
  "id" TEXT COLLATE "C" NOT NULL,
  "name" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'active',
  "account_id" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "tenant_pkey" PRIMARY KEY ("id"),
  -- No longer: it stands in bucket names (`annex-<id>-<12 digits>`, 63 at most) and in names of relations (63 too).
  CONSTRAINT "tenant_id_is_a_slug" CHECK ("id" ~ '^[a-z0-9](-?[a-z0-9])+$' AND length("id") BETWEEN 2 AND 40),
  CONSTRAINT "tenant_name_is_there" CHECK (btrim("name") <> ''),
  CONSTRAINT "tenant_state_is_known" CHECK ("state" IN ('active', 'suspended')),
  CONSTRAINT "tenant_account_is_twelve_digits" CHECK ("account_id" ~ '^[0-9]{12}$')
);
CREATE UNIQUE INDEX "tenant_account_id_key" ON "tenant" ("account_id");
CREATE INDEX "tenant_name_id_idx" ON "tenant" ("name", "id");

CREATE TABLE "app_user" (
  "sub" TEXT COLLATE "C" NOT NULL,
  "tenant_id" TEXT COLLATE "C",
  "email" TEXT NOT NULL,
  "roles" TEXT[] NOT NULL,
  "disabled_at" TIMESTAMPTZ(3),
  "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "app_user_pkey" PRIMARY KEY ("sub"),
  CONSTRAINT "app_user_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX "app_user_tenant_id_email_idx" ON "app_user" ("tenant_id", "email");

CREATE TABLE "audit_event" (
  "id" TEXT COLLATE "C" NOT NULL,
  "tenant_id" TEXT COLLATE "C",
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "actor_id" TEXT NOT NULL,
  "actor_name" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  "detail" JSONB NOT NULL DEFAULT '{}',
  "request_id" TEXT NOT NULL,
  "idempotency_key" TEXT NOT NULL,
  CONSTRAINT "audit_event_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "audit_event_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE UNIQUE INDEX "audit_event_tenant_id_idempotency_key_key" ON "audit_event" ("tenant_id", "idempotency_key") NULLS NOT DISTINCT;
CREATE INDEX "audit_event_tenant_id_id_idx" ON "audit_event" ("tenant_id", "id");

CREATE FUNCTION "audit_event_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_event is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "audit_event_keeps_rows" BEFORE UPDATE OR DELETE ON "audit_event"
  FOR EACH ROW EXECUTE FUNCTION "audit_event_is_append_only"();
CREATE TRIGGER "audit_event_keeps_table" BEFORE TRUNCATE ON "audit_event"
  FOR EACH STATEMENT EXECUTE FUNCTION "audit_event_is_append_only"();

-- CRM ----------------------------------------------------------------------------------------------------------------

CREATE TABLE "crm"."history" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "revision" BIGINT NOT NULL DEFAULT 0,
  "revised_at" TIMESTAMPTZ(3),
  "as_of" TIMESTAMPTZ(3),
  "customers" BIGINT NOT NULL DEFAULT 0,
  "orders" BIGINT NOT NULL DEFAULT 0,
  "first_order_at" TIMESTAMPTZ(3),
  "last_order_at" TIMESTAMPTZ(3),
  "imported_at" TIMESTAMPTZ(3),
  "scored_revision" BIGINT,
  "refit_asked_at" TIMESTAMPTZ(3),
  "scored_at" TIMESTAMPTZ(3),
  "score_version" TEXT,
  "unfitted_reason" TEXT,
  "fit_r" DOUBLE PRECISION,
  "fit_alpha" DOUBLE PRECISION,
  "fit_a" DOUBLE PRECISION,
  "fit_b" DOUBLE PRECISION,
  "fit_log_likelihood" DOUBLE PRECISION,
  "fit_customers" BIGINT,
  "fitted_at" TIMESTAMPTZ(3),
  "featured" BIGINT NOT NULL DEFAULT 0,
  "histogram" INTEGER[] NOT NULL DEFAULT '{0,0,0,0,0,0,0,0,0,0}',
  "band_low" INTEGER NOT NULL DEFAULT 0,
  "band_medium" INTEGER NOT NULL DEFAULT 0,
  "band_high" INTEGER NOT NULL DEFAULT 0,
  CONSTRAINT "history_pkey" PRIMARY KEY ("tenant_id"),
  CONSTRAINT "history_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "history_histogram_has_ten" CHECK (cardinality("histogram") = 10)
);
COMMENT ON COLUMN "crm"."history"."revision" IS 'Rises by one with each change of the orders.';
COMMENT ON COLUMN "crm"."history"."scored_revision" IS 'The revision that was scored, or found unfit (unfitted_reason); behind revision: scores are stale.';
COMMENT ON COLUMN "crm"."history"."refit_asked_at" IS 'When the sweep last asked for a refit.';
COMMENT ON COLUMN "crm"."history"."featured" IS 'Rows of customer_score.';
CREATE INDEX "history_stale_idx" ON "crm"."history" ("revised_at") WHERE "as_of" IS NOT NULL AND "scored_revision" IS DISTINCT FROM "revision";

-- Rows of the CRM carry no foreign key to each other: they come in by the hundred thousand, in sets that hold both sides.
CREATE TABLE "crm"."customer" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "id" TEXT COLLATE "C" NOT NULL,
  "name" TEXT,
  "email" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "customer_pkey" PRIMARY KEY ("tenant_id", "id")
);

CREATE TABLE "crm"."customer_term" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "term" TEXT COLLATE "C" NOT NULL,
  "customer_id" TEXT COLLATE "C" NOT NULL,
  CONSTRAINT "customer_term_pkey" PRIMARY KEY ("tenant_id", "term", "customer_id")
);
CREATE INDEX "customer_term_tenant_id_customer_id_term_idx" ON "crm"."customer_term" ("tenant_id", "customer_id", "term");
COMMENT ON TABLE "crm"."customer_term" IS
  'What a customer is found by beside the id as it stands: words of the name, the e-mail address, the id in lower case where that differs. Kept by a trigger.';

CREATE FUNCTION "crm"."keep_customer_terms"() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
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
      UNION SELECT lower(NEW.id)
    ) AS found (term)
    WHERE term <> '' AND term COLLATE "C" <> NEW.id;
  END IF;
  RETURN NULL;
END
$$;
-- The conditions spare an import of bare ids the call for each row.
CREATE TRIGGER "customer_terms_inserted" AFTER INSERT ON "crm"."customer" FOR EACH ROW
  WHEN (NEW.name IS NOT NULL OR NEW.email IS NOT NULL OR NEW.id <> lower(NEW.id))
  EXECUTE FUNCTION "crm"."keep_customer_terms"();
CREATE TRIGGER "customer_terms_updated" AFTER UPDATE ON "crm"."customer" FOR EACH ROW
  WHEN ((OLD.name, OLD.email, OLD.id) IS DISTINCT FROM (NEW.name, NEW.email, NEW.id))
  EXECUTE FUNCTION "crm"."keep_customer_terms"();
CREATE TRIGGER "customer_terms_deleted" AFTER DELETE ON "crm"."customer" FOR EACH ROW
  WHEN (OLD.name IS NOT NULL OR OLD.email IS NOT NULL OR OLD.id <> lower(OLD.id))
  EXECUTE FUNCTION "crm"."keep_customer_terms"();

CREATE TABLE "crm"."customer_order" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "customer_id" TEXT COLLATE "C" NOT NULL,
  "ordered_at" TIMESTAMPTZ(6) NOT NULL,
  "quantity" INTEGER NOT NULL,
  "amount" DECIMAL(14,2) NOT NULL,
  "occurrence" INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT "customer_order_pkey" PRIMARY KEY ("tenant_id", "customer_id", "ordered_at", "quantity", "amount", "occurrence")
);
COMMENT ON COLUMN "crm"."customer_order"."occurrence" IS
  'The n-th of otherwise identical orders: two in one file are two, the same file again adds none.';

CREATE TABLE "crm"."ticket" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "id" TEXT COLLATE "C" NOT NULL,
  "customer_id" TEXT COLLATE "C" NOT NULL,
  "opened_at" TIMESTAMPTZ(6) NOT NULL,
  "subject" TEXT NOT NULL,
  CONSTRAINT "ticket_pkey" PRIMARY KEY ("tenant_id", "id")
);
CREATE INDEX "ticket_tenant_id_customer_id_opened_at_idx" ON "crm"."ticket" ("tenant_id", "customer_id", "opened_at");

CREATE TABLE "crm"."customer_score" (
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
  "probability" DOUBLE PRECISION,
  "source" TEXT,
  "version" TEXT,
  "scored_at" TIMESTAMPTZ(3),
  -- 0 not scored, 1 low, 2 medium, 3 high
  "band" SMALLINT NOT NULL GENERATED ALWAYS AS (
    CASE WHEN "probability" IS NULL THEN 0 WHEN "probability" < 0.4 THEN 1 WHEN "probability" < 0.7 THEN 2 ELSE 3 END
  ) STORED,
  CONSTRAINT "customer_score_pkey" PRIMARY KEY ("tenant_id", "customer_id"),
  CONSTRAINT "customer_score_probability_range" CHECK ("probability" BETWEEN 0 AND 1),
  CONSTRAINT "customer_score_is_whole" CHECK (num_nulls("probability", "source", "version", "scored_at") IN (0, 4))
);
CREATE INDEX "customer_score_risk_idx" ON "crm"."customer_score" ("tenant_id", "probability", "customer_id");
CREATE INDEX "customer_score_recency_idx" ON "crm"."customer_score" ("tenant_id", "band", "recency_days", "customer_id");
CREATE INDEX "customer_score_spend_idx" ON "crm"."customer_score" ("tenant_id", "band", "spend_90d", "customer_id");

-- Row-level security. FORCE: it binds the owner of the tables too. A setting that is not there compares as NULL: no rows.

ALTER TABLE "tenant" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "app_user" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "audit_event" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY "own_tenant" ON "tenant" FOR SELECT TO annex_tenant
  USING ("id" = (SELECT current_setting('app.tenant_id', true)));
CREATE POLICY "control_plane" ON "tenant" TO annex_control USING (true) WITH CHECK (true);
CREATE POLICY "own_tenant" ON "app_user" FOR SELECT TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
CREATE POLICY "control_plane" ON "app_user" TO annex_control USING (true) WITH CHECK (true);
CREATE POLICY "own_tenant" ON "audit_event" TO annex_tenant
  USING ("tenant_id" = (SELECT current_setting('app.tenant_id', true)))
  WITH CHECK ("tenant_id" = (SELECT current_setting('app.tenant_id', true)));
CREATE POLICY "control_plane" ON "audit_event" TO annex_control USING (true) WITH CHECK (true);

DO $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['history', 'customer', 'customer_term', 'customer_order', 'ticket', 'customer_score'] LOOP
    EXECUTE format('ALTER TABLE crm.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format(
      'CREATE POLICY own_tenant ON crm.%I TO annex_tenant
         USING (tenant_id = (SELECT current_setting(''app.tenant_id'', true)))
         WITH CHECK (tenant_id = (SELECT current_setting(''app.tenant_id'', true)))', relation);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON crm.%I TO annex_tenant', relation);
  END LOOP;
END
$$;

GRANT SELECT ON "tenant", "app_user" TO annex_tenant;
GRANT SELECT, INSERT ON "audit_event" TO annex_tenant, annex_control;
GRANT SELECT, INSERT, UPDATE ON "tenant", "app_user" TO annex_control;

-- Which tenants' scores are behind their orders, for the sweep: ids and nothing else leave `crm`. The function acts as the
-- owner of the tables, whom row-level security binds; the two policies let it find and mark just these rows.
CREATE POLICY "stale_is_seen" ON "crm"."history" FOR SELECT TO CURRENT_USER
  USING ("as_of" IS NOT NULL AND "scored_revision" IS DISTINCT FROM "revision");
CREATE POLICY "stale_is_marked" ON "crm"."history" FOR UPDATE TO CURRENT_USER
  USING ("as_of" IS NOT NULL AND "scored_revision" IS DISTINCT FROM "revision");

-- Claims up to `most` tenants whose orders were changed longer than `settled` ago, the longest waiting first: each is given
-- to one caller, and again only after `again`.
CREATE FUNCTION "claim_stale_scores"("settled" interval, "again" interval, "most" integer) RETURNS SETOF text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH due AS MATERIALIZED (
    SELECT tenant_id FROM crm.history
    WHERE as_of IS NOT NULL AND scored_revision IS DISTINCT FROM revision
      AND coalesce(revised_at, '-infinity') < now() - settled
      AND coalesce(refit_asked_at, '-infinity') < now() - again
    ORDER BY revised_at LIMIT most
    FOR UPDATE SKIP LOCKED
  )
  UPDATE crm.history AS h SET refit_asked_at = now() FROM due WHERE h.tenant_id = due.tenant_id
  RETURNING h.tenant_id
$$;
REVOKE ALL ON FUNCTION "claim_stale_scores"(interval, interval, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION "claim_stale_scores"(interval, interval, integer) TO annex_control;
