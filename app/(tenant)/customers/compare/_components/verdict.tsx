import { formatMeasure, formatUnits } from '@/components/format';
import type { Comparison, Outcome } from '@/lib/domain/scoring/ports';
import { type Verdict, verdictOf } from '@/lib/domain/scoring/verdict';

/** Which model is better, in a sentence, and what that rests on. */
export function VerdictSection({
  comparison: { outcome, rankAgreement },
}: {
  readonly comparison: Comparison;
}) {
  const { verdict, grounds } = verdictInWords(outcome, rankAgreement);
  return (
    <section aria-labelledby="verdict" className="border-l-4 border-edge bg-plate px-4 py-3 sm:px-6">
      <h2 id="verdict" className="text-lg">
        {verdict}
      </h2>
      <p className="mt-1 max-w-4xl text-sm text-muted">{grounds}</p>
    </section>
  );
}

/** The sentence, and its reasons. */
export function verdictInWords(
  outcome: Outcome,
  rankAgreement: number | null,
): { readonly verdict: string; readonly grounds: string } {
  const because = (...reasons: readonly string[]) =>
    [...reasons, agreementInWords(rankAgreement)].filter((reason) => reason !== '').join(' ');
  if (!outcome.known)
    return { verdict: 'Which model is better is not known yet', grounds: because(outcome.reason) };
  const verdict = verdictOf(outcome);
  if (verdict === null) {
    const why =
      outcome.reason ?? 'All of these customers had the same outcome, so none can rank above another.';
    return { verdict: 'The models can’t be compared on the outcome', grounds: because(why) };
  }
  const { model, default: ofDefault } = verdict.auc;
  const figures = `AUC ${formatMeasure(model)} for your model and ${formatMeasure(ofDefault)} for the built-in one, measured on ${formatUnits(outcome.sampled, 'customer')}.`;
  return { verdict: rankings[verdict.ranking], grounds: because(figures, probabilitiesInWords(verdict)) };
}

const rankings: Readonly<Record<Verdict['ranking'], string>> = {
  model: 'Your model ranks customers better than the built-in model',
  default: 'The built-in model ranks customers better than your model',
  alike: 'Neither model ranks customers clearly better',
};

function probabilitiesInWords({ closer, worseThanRate }: Verdict): string {
  if (worseThanRate)
    return 'Your model’s probabilities are further from the outcome than the overall rate is: rely on its order, not on its percentages.';
  if (closer === 'alike') return 'The probabilities of both are about as close to the outcome.';
  return `The probabilities of ${closer === 'model' ? 'your model' : 'the built-in model'} are closer to the outcome.`;
}

/** Spearman's rank correlation, in words. */
function agreementInWords(rankAgreement: number | null): string {
  if (rankAgreement === null) return '';
  const how =
    rankAgreement >= 0.9
      ? 'in almost the same order'
      : rankAgreement >= 0.6
        ? 'in a similar order'
        : rankAgreement >= 0.2
          ? 'in a rather different order'
          : 'in unrelated orders';
  return `They rank customers ${how} (rank agreement ${formatMeasure(rankAgreement)}).`;
}
