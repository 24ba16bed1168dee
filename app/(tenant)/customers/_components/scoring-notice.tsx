import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import type { CustomerOverview } from '@/lib/domain/crm/ports';

/** Explains a problem with the scores, if there is one. */
export function ScoringNotice({ overview }: { readonly overview: CustomerOverview }) {
  return (
    <>
      <FallbackNotice source={overview.source} />
      <StateNotice scoring={overview.scoring} />
    </>
  );
}

function FallbackNotice({ source }: { readonly source: CustomerOverview['source'] }) {
  if (source.kind !== 'fallback') return null;
  return (
    <Notice tone="warning" title="Fallback: scores come from the built-in model">
      <p>
        Since <Instant at={source.since} style="second" />, your organisation’s model can’t be used
        {source.reason ? `: ${source.reason}` : '.'} Its scores return automatically once it answers correctly
        again.
      </p>
    </Notice>
  );
}

function StateNotice({ scoring }: { readonly scoring: CustomerOverview['scoring'] }) {
  switch (scoring.state) {
    case 'scored':
      return null;
    case 'none':
      return (
        <Notice tone="running" title="No scores yet">
          <p>Customers are imported. Their churn risk is being computed.</p>
        </Notice>
      );
    case 'stale':
      return (
        <Notice tone="running" title="Scores are being recomputed">
          <p>
            The orders changed on <Instant at={scoring.since} style="second" />. Until the new scores are
            ready, you see the previous ones; new customers have no score yet.
          </p>
        </Notice>
      );
    case 'unfitted':
      return (
        <Notice tone="failed" title="The churn risk could not be computed">
          <p>
            {scoring.reason} Last tried on <Instant at={scoring.at} style="second" />. Customers and orders
            are kept as imported. The next import tries again.
          </p>
        </Notice>
      );
  }
}
