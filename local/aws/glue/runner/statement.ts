import pg from 'pg';
import type { BoundValue } from '@/lib/domain/extracts/ports';
import { extractQuery } from '@/lib/domain/extracts/query';
import { policyColumns } from '@/lib/domain/extracts/schemas';
import { ExtractFailure } from './failure';
import type { ExtractOrder } from './task';

/** What may leave the CRM now: a row of `extract_policies_in_force`. */
export interface PolicyInForce {
  readonly version: number;
  readonly columns: unknown;
  readonly row_limit: number | null;
}

/**
 * The SELECT of an order under the policy in force, with its values as literals, because `COPY` takes no parameters. Throws
 * ExtractFailure if the order was made under another policy, or asks for what the dataset or the policy does not offer.
 * `rowLimit`: how many rows the policy lets out, null for any number. The statement gives one more at most.
 */
export function selectOf(
  order: ExtractOrder,
  policy: PolicyInForce | undefined,
): { readonly select: string; readonly rowLimit: number | null } {
  if (policy?.version !== order.policyVersion) {
    throw new ExtractFailure('The extract policy changed before the run started. Retry the extract.');
  }
  const query = built(order, policy);
  const same = JSON.stringify(query.columns) === JSON.stringify(order.columns);
  if (!same) throw new ExtractFailure('The policy gives other columns than the request names.');
  const select = query.statement.replace(/\$(\d+)/g, (_, at: string) =>
    literal(query.values[Number(at) - 1]),
  );
  return { select, rowLimit: policy.row_limit };
}

function built({ tenant, dataset, format, columns, range, asOf }: ExtractOrder, policy: PolicyInForce) {
  try {
    return extractQuery({
      tenantId: tenant,
      dataset,
      format,
      columns: columns.map(({ name }) => name),
      range: { from: dateOf(range.from), before: dateOf(range.before) },
      asOf: dateOf(asOf),
      policy: {
        dataset,
        version: policy.version,
        columns: policyColumns.parse(policy.columns),
        rowLimit: policy.row_limit,
        createdAt: new Date(0),
        createdBy: '',
      },
    });
  } catch (error) {
    throw new ExtractFailure('The policy or the dataset does not offer what the request asks for.', {
      cause: error,
    });
  }
}

const dateOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

function literal(value: BoundValue | undefined): string {
  if (!value) throw new Error('The statement has no value for one of its placeholders.');
  return pg.escapeLiteral(value.value).trim();
}

/** The command that gives the rows of `select` as bytes: CSV as RFC 4180 with or without a header, or COPY's text format. */
export function copyCommand(select: string, format: 'csv' | 'xgboost' | 'parquet'): string {
  const options =
    format === 'parquet' ? 'FORMAT text' : `FORMAT csv, HEADER ${format === 'csv' ? 'true' : 'false'}`;
  return `COPY (\n${select}\n) TO STDOUT WITH (${options}, ENCODING 'UTF8')`;
}
