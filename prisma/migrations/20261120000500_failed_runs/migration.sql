-- A circuit that a run opened is closed by a run that comes to its end, and by nothing less; runs in between are tried ever more
-- rarely.
ALTER TABLE "scoring" ADD COLUMN "failed_runs" INTEGER NOT NULL DEFAULT 0;
COMMENT ON COLUMN "scoring"."failed_runs" IS 'Runs that failed since one last came to its end; more than none: only a run closes the circuit.';
