import { type Fact, Facts } from '@/components/data/facts';
import { Figure } from '@/components/data/figure';
import { ItemList } from '@/components/data/item-list';
import { Unreadable } from '@/components/data/unreadable';
import { formatCount } from '@/components/format';
import { EmptyState } from '@/components/ui/empty-state';
import type { TenantsOverview } from '@/lib/domain/overview/verbs/get-tenants-overview';
import { tenantsPage } from '../tenants/page-info';
import { tenantAttentionWords, tenantFinishedWords, tenantWorkWords } from './tenants-words';

const partNames = { workbenches: 'Workbenches', extracts: 'Extracts', queues: 'Queues' } as const;

/** What an administrator is told first: how the tenants stand, without their data. */
export function TenantsPart({ overview }: { readonly overview: TenantsOverview }) {
  const { counts, attention, underWay, finished, more, unreadable } = overview;
  if (counts.total === 0) {
    return (
      <EmptyState title="No tenants yet">
        <p>What needs you is shown here once tenants are onboarded to the SaaS.</p>
      </EmptyState>
    );
  }
  return (
    <>
      <Unreadable parts={unreadable} names={partNames} />
      <Facts facts={factsOf(overview)} />
      {attention.length > 0 ? (
        <ItemList
          title="Needs you"
          items={attention}
          wording={tenantAttentionWords}
          tone="failed"
          note={more.attention ? 'There are more. These are the latest.' : undefined}
        />
      ) : unreadable.length > 0 ? null : (
        <p className="text-muted">Nothing needs you now.</p>
      )}
      {underWay.length > 0 ? (
        <ItemList
          title="Under way"
          items={underWay}
          wording={tenantWorkWords}
          note={more.underWay ? 'There are more.' : undefined}
        />
      ) : null}
      {finished.length > 0 ? (
        <ItemList title="Finished lately" items={finished} wording={tenantFinishedWords} />
      ) : null}
    </>
  );
}

const factsOf = ({ counts: { total, active, suspended, withAccount } }: TenantsOverview): Fact[] => [
  { name: 'Tenants', value: <Figure href={tenantsPage.path}>{formatCount(total)}</Figure> },
  { name: 'Active', value: <Figure>{formatCount(active)}</Figure> },
  { name: 'Suspended', value: <Figure>{formatCount(suspended)}</Figure> },
  { name: 'With an AWS account', value: <Figure>{formatCount(withAccount)}</Figure> },
];
