-- How uncertain the scores of a fit are, from how little history it saw. Every fit is made again, because those before did not
-- tell whether the history was enough.
ALTER TABLE "crm"."history" ADD COLUMN "fit_uncertainty" DOUBLE PRECISION;
COMMENT ON COLUMN "crm"."history"."fit_uncertainty" IS 'Standard error of a score, root mean square over the customers, as a probability.';
UPDATE "crm"."history" SET "scored_revision" = NULL;
