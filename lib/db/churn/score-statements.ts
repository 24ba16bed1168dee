import {
  historyTermsSql,
  orderHistorySql,
  ticketCountsSql,
  windowStartSql,
} from '@/lib/domain/churn/feature-sql';
import { churnFeatures } from '@/lib/domain/churn/features';
import { bandNumbers } from './band-numbers';
import { featureColumns } from './feature-columns';

// Statements of a refit. They run in one transaction whose time zone is UTC, so days are UTC days.

/** Holds each customer's history during a refit, until the scores are stored. */
export const createStage = `
  CREATE TEMPORARY TABLE staged_feature (
    customer_id text COLLATE "C" NOT NULL,
    order_days integer NOT NULL,
    since_first integer NOT NULL,
    since_last integer NOT NULL,
    orders integer NOT NULL,
    amount double precision NOT NULL,
    orders_90d integer NOT NULL,
    spend_90d double precision NOT NULL
  ) ON COMMIT DROP`;

/** $1 tenant, $2 as_of, $3 90 days before, $4 the day of as_of. */
export const fillStage = `
  INSERT INTO staged_feature ${orderHistorySql({ tenant: '$1', asOf: '$2', windowStart: '$3', day: '$4' })}`;

/** x, t_x, T and the number of customers, as text for `COPY`. */
export const copyHistories = `
  COPY (
    SELECT order_days - 1, since_first - since_last, since_first, count(*) FROM staged_feature GROUP BY 1, 2, 3
  ) TO STDOUT`;

/**
 * The closed form of `churnProbability` (lib/domain/churn/bg-nbd.ts) over the columns `repeats`, `recency` and `age`,
 * with the parameters $3 r, $4 alpha, $5 a, $6 b, $7 horizon. A test compares the two. Exponents are limited to ±700:
 * beyond that the result does not change, but `exp` would fail.
 */
export const churnProbabilitySql = `
  least(1, greatest(0, 1
    - CASE WHEN repeats = 0 THEN 1 ELSE 1 / (1 + exp(least(700, greatest(-700,
        ln($5::float8) - ln($6::float8 + repeats - 1)
        + ($3::float8 + repeats) * ln(($4::float8 + age) / ($4::float8 + recency)))))) END
    * (1 - exp(greatest(-700, -($3::float8 + repeats) * ln(1 + $7::float8 / ($4::float8 + age)))))
  ))`;

/**
 * $1 tenant, $2 as_of, $3 to $7 as above, $8 version, $9 time of the fit. Without a fit, all from $3 on are null, and
 * so are the stored scores. `target` is an SQL identifier.
 */
export const storeScores = (target: string): string => `
  INSERT INTO ${target} (tenant_id, customer_id, ${featureColumns()}, probability, source, version, scored_at)
  SELECT $1, customer_id, ${churnFeatures.map(({ sql }) => sql).join(', ')},
    CASE WHEN $8::text IS NOT NULL THEN ${churnProbabilitySql} END,
    CASE WHEN $8::text IS NOT NULL THEN 'default' END, $8::text, $9::timestamptz
  FROM (${historyTermsSql('staged_feature')}) AS staged
  LEFT JOIN (${ticketCountsSql({ tenant: '$1', asOf: '$2', windowStart: windowStartSql('$2') })}
  ) AS ticketed USING (customer_id)`;

/** $1 tenant. Counts customers by tenth of probability and by band: one row of ten counts and three. */
export const countScores = (source: string): string => `
  WITH counted AS (
    SELECT least(floor(probability * 10), 9)::integer AS tenth, band, count(*)::integer AS customers
    FROM ${source}
    WHERE tenant_id = $1 AND probability IS NOT NULL
    GROUP BY 1, 2
  )
  SELECT
    array(
      SELECT coalesce(sum(customers), 0)::integer
      FROM generate_series(0, 9) AS each (tenth) LEFT JOIN counted USING (tenth)
      GROUP BY tenth ORDER BY tenth
    ) AS histogram,
    coalesce(sum(customers) FILTER (WHERE band = ${bandNumbers.low}), 0)::integer AS low,
    coalesce(sum(customers) FILTER (WHERE band = ${bandNumbers.medium}), 0)::integer AS medium,
    coalesce(sum(customers) FILTER (WHERE band = ${bandNumbers.high}), 0)::integer AS high
  FROM counted`;

/** $1 tenant, $2 revision, $3 time, $4 customers, $5 histogram, $6 to $8 bands, $9 version or null, $10 reason or null, $11 to $18 the fit or nulls. */
export const recordScoring = `
  UPDATE crm.history
  SET scored_revision = $2, scored_at = $3, featured = $4,
    histogram = $5, band_low = $6, band_medium = $7, band_high = $8, score_version = $9, unfitted_reason = $10,
    fit_r = $11, fit_alpha = $12, fit_a = $13, fit_b = $14, fit_log_likelihood = $15, fit_customers = $16, fitted_at = $17, fit_uncertainty = $18
  WHERE tenant_id = $1`;
