-- Sellers of models on AWS Marketplace, and what they sell. Sellers have a role of their own: as a tenant’s, a transaction of it
-- reaches the rows of one seller.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'annex_seller') THEN
    CREATE ROLE annex_seller NOLOGIN;
  END IF;
END
$$;
GRANT annex_seller TO annex_portal;
GRANT USAGE ON SCHEMA public TO annex_seller;

CREATE TABLE "seller" (
  "id" TEXT COLLATE "C" NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "seller_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "seller_id_is_a_slug" CHECK ("id" ~ '^[a-z0-9](-?[a-z0-9])*$' AND length("id") <= 40)
);
COMMENT ON TABLE "seller" IS 'Named by the user pool: the seller that a person’s token names is added at the sign-in.';

CREATE TABLE "listing" (
  "id" TEXT COLLATE "C" NOT NULL,
  "seller_id" TEXT COLLATE "C" NOT NULL,
  "product_code" TEXT COLLATE "C" NOT NULL,
  "product_page" TEXT COLLATE "C" NOT NULL,
  "title" TEXT NOT NULL,
  "summary" TEXT NOT NULL,
  "terms_url" TEXT,
  "content_types" TEXT[] NOT NULL,
  "accept" TEXT NOT NULL,
  "sample_type" TEXT NOT NULL,
  "sample_request" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'draft',
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "revision" INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT "listing_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "listing_seller_id_fkey" FOREIGN KEY ("seller_id") REFERENCES "seller" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "listing_state_is_known" CHECK ("state" IN ('draft', 'published', 'retired')),
  CONSTRAINT "listing_product_code_is_one" CHECK ("product_code" ~ '^[A-Za-z0-9-]{1,64}$'),
  CONSTRAINT "listing_product_page_is_one" CHECK ("product_page" ~ '^[A-Za-z0-9-]{1,64}$'),
  CONSTRAINT "listing_texts_are_there" CHECK (btrim("title") <> '' AND btrim("summary") <> ''),
  CONSTRAINT "listing_sample_is_small" CHECK (octet_length("sample_request") <= 65536),
  CONSTRAINT "listing_takes_its_sample" CHECK ("sample_type" = ANY ("content_types"))
);
COMMENT ON COLUMN "listing"."product_code" IS 'AWS Marketplace’s code of the product, as its license events name it.';
COMMENT ON COLUMN "listing"."product_page" IS 'The last part of the address of the product’s page on AWS Marketplace.';
COMMENT ON COLUMN "listing"."accept" IS 'Content type of the answers.';
CREATE UNIQUE INDEX "listing_product_code_key" ON "listing" ("product_code");
CREATE UNIQUE INDEX "listing_id_seller_id_key" ON "listing" ("id", "seller_id");
CREATE INDEX "listing_seller_id_created_at_id_idx" ON "listing" ("seller_id", "created_at", "id");
CREATE INDEX "listing_state_title_id_idx" ON "listing" ("state", "title", "id");

CREATE TABLE "listing_version" (
  "listing_id" TEXT COLLATE "C" NOT NULL,
  "seller_id" TEXT COLLATE "C" NOT NULL,
  "version" INTEGER NOT NULL,
  "model_package_arn" TEXT NOT NULL,
  "instance_type" TEXT NOT NULL,
  "note" TEXT,
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "created_by" TEXT NOT NULL,
  CONSTRAINT "listing_version_pkey" PRIMARY KEY ("listing_id", "version"),
  CONSTRAINT "listing_version_listing_fkey" FOREIGN KEY ("listing_id", "seller_id") REFERENCES "listing" ("id", "seller_id")
    ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "listing_version_is_counted_from_one" CHECK ("version" >= 1),
  CONSTRAINT "listing_version_note_is_short" CHECK (char_length("note") BETWEEN 1 AND 500)
);
COMMENT ON TABLE "listing_version" IS 'Append-only; new subscriptions get the newest.';

CREATE TABLE "listing_dimension" (
  "listing_id" TEXT COLLATE "C" NOT NULL,
  "seller_id" TEXT COLLATE "C" NOT NULL,
  "name" TEXT COLLATE "C" NOT NULL,
  "measure" TEXT NOT NULL,
  "description" TEXT NOT NULL,
  "usd" NUMERIC(12, 6) NOT NULL,
  CONSTRAINT "listing_dimension_pkey" PRIMARY KEY ("listing_id", "name"),
  CONSTRAINT "listing_dimension_listing_fkey" FOREIGN KEY ("listing_id", "seller_id") REFERENCES "listing" ("id", "seller_id")
    ON DELETE RESTRICT ON UPDATE RESTRICT,
  CONSTRAINT "listing_dimension_name_is_one" CHECK ("name" ~ '^[A-Za-z0-9_.-]{1,60}$'),
  CONSTRAINT "listing_dimension_measure_is_known" CHECK ("measure" IN ('requests', 'kilobytes')),
  CONSTRAINT "listing_dimension_price_is_no_gift" CHECK ("usd" >= 0)
);
COMMENT ON COLUMN "listing_dimension"."measure" IS 'What one unit is: an answered request, or 1,000 bytes that a model was sent, rounded up by the hour.';
COMMENT ON COLUMN "listing_dimension"."usd" IS 'List price of a unit.';

CREATE FUNCTION "listing_version_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'listing_version is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER "listing_version_keeps_rows" BEFORE UPDATE OR DELETE ON "listing_version"
  FOR EACH ROW EXECUTE FUNCTION "listing_version_is_append_only"();
CREATE TRIGGER "listing_version_keeps_table" BEFORE TRUNCATE ON "listing_version"
  FOR EACH STATEMENT EXECUTE FUNCTION "listing_version_is_append_only"();

ALTER TABLE "app_user" ADD COLUMN "seller_id" TEXT COLLATE "C";
COMMENT ON COLUMN "app_user"."seller_id" IS 'The seller that the person works for, as the newest token names it.';

ALTER TABLE "seller" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "listing" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "listing_version" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE "listing_dimension" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own_seller" ON "seller" TO annex_seller USING ("id" = (SELECT current_setting('app.seller_id', true)));
CREATE POLICY "control_plane" ON "seller" TO annex_control USING (true) WITH CHECK (true);
DO $$
DECLARE
  relation text;
BEGIN
  FOREACH relation IN ARRAY ARRAY['listing', 'listing_version', 'listing_dimension'] LOOP
    EXECUTE format(
      'CREATE POLICY own_seller ON %I TO annex_seller USING (seller_id = (SELECT current_setting(''app.seller_id'', true)))
        WITH CHECK (seller_id = (SELECT current_setting(''app.seller_id'', true)))', relation);
    EXECUTE format('CREATE POLICY control_plane ON %I FOR SELECT TO annex_control USING (true)', relation);
    EXECUTE format('GRANT SELECT ON %I TO annex_control', relation);
  END LOOP;
END
$$;
-- Tenants see what is sold. What they subscribed to before it was retired is added with subscriptions.
CREATE POLICY "published" ON "listing" FOR SELECT TO annex_tenant USING ("state" = 'published');
CREATE POLICY "published" ON "listing_version" FOR SELECT TO annex_tenant
  USING (EXISTS (SELECT FROM "listing" l WHERE l."id" = "listing_id"));
CREATE POLICY "published" ON "listing_dimension" FOR SELECT TO annex_tenant
  USING (EXISTS (SELECT FROM "listing" l WHERE l."id" = "listing_id"));
GRANT SELECT ON "listing", "listing_version", "listing_dimension" TO annex_tenant;

GRANT SELECT, INSERT ON "seller" TO annex_control;
GRANT SELECT ON "seller" TO annex_seller;
GRANT SELECT, INSERT, UPDATE ("product_page", "title", "summary", "terms_url", "content_types", "accept", "sample_type", "sample_request", "state",
  "updated_at", "revision") ON "listing" TO annex_seller;
GRANT SELECT, INSERT ON "listing_version" TO annex_seller;
GRANT SELECT, INSERT, UPDATE ("usd", "description", "measure"), DELETE ON "listing_dimension" TO annex_seller;

-- What sellers do is audited with what belongs to no tenant.
CREATE POLICY "by_sellers" ON "audit_event" FOR INSERT TO annex_seller WITH CHECK ("tenant_id" IS NULL);
GRANT INSERT ON "audit_event" TO annex_seller;

DROP TRIGGER "app_user_change_ends_sessions" ON "app_user";
CREATE TRIGGER "app_user_change_ends_sessions" BEFORE UPDATE ON "app_user" FOR EACH ROW
  WHEN (
    (OLD.tenant_id, OLD.seller_id, OLD.roles) IS DISTINCT FROM (NEW.tenant_id, NEW.seller_id, NEW.roles)
    OR (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL)
  )
  EXECUTE FUNCTION "end_sessions"();
