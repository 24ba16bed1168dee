-- The bill by Cost Explorer: one row says where its reading stands, and which reading people see.
CREATE TABLE "bill" (
  "id" BOOLEAN NOT NULL DEFAULT true,
  "reading" TEXT,
  "shown" TEXT,
  "read_at" TIMESTAMPTZ(3),
  "as_of" TIMESTAMPTZ(3),
  "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT '-infinity',
  "failing_since" TIMESTAMPTZ(3),
  "failures" INTEGER NOT NULL DEFAULT 0,
  "failure" TEXT,
  CONSTRAINT "bill_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "bill_is_one" CHECK ("id")
);
COMMENT ON COLUMN "bill"."reading" IS 'The reading that was begun last; only it may be shown next.';
COMMENT ON COLUMN "bill"."shown" IS 'The reading whose rows of account_cost people see. Null: none yet.';
COMMENT ON COLUMN "bill"."as_of" IS 'Until when AWS had costs at that time. Null: it had none.';
INSERT INTO "bill" DEFAULT VALUES;

-- What an account cost in a month by one reading; whatever is not shown is deleted.
CREATE TABLE "account_cost" (
  "reading" TEXT NOT NULL,
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "month" DATE NOT NULL,
  "account_id" TEXT NOT NULL,
  "usd" NUMERIC(20, 10) NOT NULL,
  "services" JSONB NOT NULL,
  "estimated" BOOLEAN NOT NULL,
  CONSTRAINT "account_cost_pkey" PRIMARY KEY ("tenant_id", "month", "reading"),
  CONSTRAINT "account_cost_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "account_cost_month_is_its_first_day" CHECK (extract(day FROM "month") = 1)
);
COMMENT ON COLUMN "account_cost"."services" IS 'Lists of service and USD, as text.';
CREATE INDEX "account_cost_reading_idx" ON "account_cost" ("reading");

-- What Annex measured in each tenant's account, by its price list.
CREATE TABLE "spend" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "measured_until" TIMESTAMPTZ(3),
  "run_rate" NUMERIC(20, 10),
  "unpriced" TEXT[] NOT NULL DEFAULT '{}',
  "month" DATE,
  "usd" NUMERIC(20, 10) NOT NULL DEFAULT 0,
  "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT '-infinity',
  "failing_since" TIMESTAMPTZ(3),
  "failure" TEXT,
  CONSTRAINT "spend_pkey" PRIMARY KEY ("tenant_id"),
  CONSTRAINT "spend_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
COMMENT ON COLUMN "spend"."run_rate" IS 'USD an hour at measured_until. Null: not measured yet.';
COMMENT ON COLUMN "spend"."unpriced" IS 'What ran then and has no price in the list.';
COMMENT ON COLUMN "spend"."usd" IS 'USD of the days of month.';
CREATE INDEX "spend_next_at_idx" ON "spend" ("next_at", "tenant_id");

CREATE TABLE "spend_day" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "day" DATE NOT NULL,
  "usd" NUMERIC(20, 10) NOT NULL,
  "unseen_seconds" INTEGER NOT NULL,
  CONSTRAINT "spend_day_pkey" PRIMARY KEY ("tenant_id", "day"),
  CONSTRAINT "spend_day_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT
);
COMMENT ON COLUMN "spend_day"."unseen_seconds" IS 'How long nobody looked: what ran and ended then is missing.';

-- Which shares of a budget were reached in a month; each is told once.
CREATE TABLE "budget_notice" (
  "tenant_id" TEXT COLLATE "C" NOT NULL,
  "month" DATE NOT NULL,
  "percent" INTEGER NOT NULL,
  "budget_usd" NUMERIC(20, 10) NOT NULL,
  "spent_usd" NUMERIC(20, 10) NOT NULL,
  "brakes" BOOLEAN NOT NULL,
  "reached_at" TIMESTAMPTZ(3) NOT NULL,
  "mailed_at" TIMESTAMPTZ(3),
  CONSTRAINT "budget_notice_pkey" PRIMARY KEY ("tenant_id", "month", "percent"),
  CONSTRAINT "budget_notice_tenant_id_fkey" FOREIGN KEY ("tenant_id") REFERENCES "tenant" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "budget_notice_percent_is_known" CHECK ("percent" IN (80, 100))
);
COMMENT ON COLUMN "budget_notice"."brakes" IS 'Whether apps were stopped and new work is refused.';
CREATE INDEX "budget_notice_unmailed_idx" ON "budget_notice" ("reached_at", "tenant_id") WHERE "mailed_at" IS NULL;

DO $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['account_cost', 'spend', 'spend_day', 'budget_notice'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format(
      'CREATE POLICY "own_tenant" ON %I TO annex_tenant USING ("tenant_id" = (SELECT current_setting(''app.tenant_id'', true)))
       WITH CHECK ("tenant_id" = (SELECT current_setting(''app.tenant_id'', true)))', relation);
    EXECUTE format('CREATE POLICY "control_plane" ON %I TO annex_control USING (true) WITH CHECK (true)', relation);
  END LOOP;
END
$$;
-- How old the bill is concerns everybody.
ALTER TABLE "bill" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "everybody" ON "bill" FOR SELECT TO annex_tenant USING (true);
CREATE POLICY "control_plane" ON "bill" TO annex_control USING (true) WITH CHECK (true);
GRANT SELECT ON "bill", "account_cost" TO annex_tenant;
GRANT SELECT, UPDATE ON "bill" TO annex_control;
GRANT SELECT, INSERT, UPDATE, DELETE ON "account_cost" TO annex_control;
GRANT SELECT, UPDATE ON "spend" TO annex_tenant;
GRANT SELECT, INSERT, UPDATE ("next_at") ON "spend" TO annex_control;
GRANT SELECT, INSERT, UPDATE ON "spend_day" TO annex_tenant;
GRANT SELECT, INSERT ON "budget_notice" TO annex_tenant;
GRANT SELECT, UPDATE ("mailed_at") ON "budget_notice" TO annex_control;
