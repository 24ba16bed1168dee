import { tenthName } from '@/components/data/tenths';
import type { Comparison } from '@/lib/domain/scoring/ports';
import { compareScores } from '@/lib/domain/scoring/verbs/compare-scores';
import { AnnexError } from '@/lib/errors';
import { csvDownload } from '@/lib/server/csv-download';
import { route } from '@/lib/server/route';
import { marginsOf } from '../_components/tenths';

/** The comparison as CSV, one line per figure. */
export const GET = route({ action: compareScores.action, scope: 'tenant' }, async (context, request) => {
  const { comparison } = await compareScores(context, undefined);
  if (!comparison) throw new AnnexError('not_found', 'There is no comparison yet.');
  const name = ['comparison', context.tenant.id, `v${comparison.version}`];
  return csvDownload(request, name, comparison.computedAt, lines(comparison));
});

async function* lines(comparison: Comparison): AsyncGenerator<string> {
  yield `figure,default,model\r\n${figures(comparison)
    .map((values) => `${values.join(',')}\r\n`)
    .join('')}`;
}

function figures({ joint, quantiles, rankAgreement, outcome }: Comparison): (string | number)[][] {
  const margins = marginsOf(joint);
  return [
    ['rank_agreement', rankAgreement ?? '', rankAgreement ?? ''],
    ...(outcome.known
      ? (['auc', 'brier', 'mean'] as const).map((measure) => [
          measure,
          outcome.default?.[measure] ?? '',
          outcome.model[measure] ?? '',
        ])
      : []),
    ...quantiles.map(({ share, default: ofDefault, model }) => [`quantile ${share}`, ofDefault, model]),
    ...margins.default.map((count, index) => [
      `customers ${tenthName(index)}`,
      count,
      margins.model[index] ?? 0,
    ]),
  ];
}
