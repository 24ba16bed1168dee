import { RefreshWhile } from '@/components/refresh-while';
import { Instant } from '@/components/ui/instant';
import { Notice } from '@/components/ui/notice';
import type { CustomerOverview } from '@/lib/domain/crm/ports';

/** Says what is the matter with the scores, when something is. */
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
    <Notice tone="alarm" title="Scores fell back to the statistical default">
      <p>
        Since <Instant at={source.since} style="second" />, because your organisation’s model could not be
        used{source.reason ? `: ${source.reason}` : '.'} The model’s scores come back by themselves when it
        answers as it should.
      </p>
      <RefreshWhile seconds={5} />
    </Notice>
  );
}

function StateNotice({ scoring }: { readonly scoring: CustomerOverview['scoring'] }) {
  switch (scoring.state) {
    case 'scored':
      return null;
    case 'none':
      return (
        <Notice title="No scores yet">
          <p>The customers are here; their churn risk is computed next.</p>
          <RefreshWhile />
        </Notice>
      );
    case 'stale':
      return (
        <Notice title="Scores are being computed again">
          <p>
            The orders changed on <Instant at={scoring.since} style="second" />. Until the new scores are
            there, those from before are shown; customers without one have none.
          </p>
          <RefreshWhile />
        </Notice>
      );
    case 'unfitted':
      return (
        <Notice tone="alarm" title="The churn risk could not be computed">
          <p>
            {scoring.reason} Tried on <Instant at={scoring.at} style="second" />. Customers and orders are as
            imported; the next import tries again.
          </p>
        </Notice>
      );
  }
}
