import { tenthName } from '@/components/data/tenths';
import { csvLines } from '@/lib/domain/csv';
import type { Comparison } from '@/lib/domain/scoring/ports';
import { getComparison } from '@/lib/domain/scoring/verbs/get-comparison';
import { AnnexError } from '@/lib/errors';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';
import { marginsOf } from '../_components/tenths';

/** The comparison as CSV, one line per figure. */
export const GET = route({ action: getComparison.action, scope: 'tenant' }, async (context, request) => {
  const { comparison } = await getComparison(context, undefined);
  if (!comparison) throw new AnnexError('not_found', 'There is no comparison yet.');
  const file = {
    parts: ['comparison', context.tenant.id, `v${comparison.version}`],
    at: comparison.computedAt,
    subject: `comparison/v${comparison.version}`,
  };
  return csvDownload(context, request, file, csvLines(columns, figures(comparison)));
});

type Figure = readonly [name: string, ofDefault: number | null | undefined, ofModel: number | null];

const columns = [
  { name: 'figure', value: ([name]: Figure) => name },
  { name: 'default', value: ([, ofDefault]: Figure) => ofDefault },
  { name: 'model', value: ([, , ofModel]: Figure) => ofModel },
];

function figures({ joint, quantiles, rankAgreement, outcome }: Comparison): readonly Figure[] {
  const margins = marginsOf(joint);
  return [
    ['rank_agreement', rankAgreement, rankAgreement],
    ...(outcome.known
      ? (['auc', 'brier', 'mean'] as const).map(
          (measure): Figure => [measure, outcome.default?.[measure], outcome.model[measure]],
        )
      : []),
    ...quantiles.map(
      ({ share, default: ofDefault, model }): Figure => [`quantile ${share}`, ofDefault, model],
    ),
    ...margins.default.map(
      (count, index): Figure => [`customers ${tenthName(index)}`, count, margins.model[index] ?? 0],
    ),
  ];
}
