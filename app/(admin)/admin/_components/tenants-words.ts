import type { ItemWords } from '@/components/data/item-list';
import { formatUnits } from '@/components/format';
import type { TenantAttentionKind, TenantFinishedKind, TenantItem } from '@/lib/domain/overview/tenants';
import { stepTitles } from '../../../(tenant)/workbench/_components/progress';
import { queuesPage } from '../queues/page-info';
import { tenantHref } from '../tenants/words';

const atStep = ({ name, step }: TenantItem<string>): string =>
  step === null ? `${name}` : `${name}, ${stepTitles[step]}`;

const hrefOf = ({ subject }: TenantItem<string>): string | null =>
  subject === null ? null : tenantHref(subject);

const seeTheWorker = 'No worker has looked at it for ten minutes or more. See whether the worker runs.';

/** What needs an administrator. */
export function tenantAttentionWords(item: TenantItem<TenantAttentionKind>): ItemWords {
  switch (item.kind) {
    case 'request':
      return {
        words: `Sign-up waits for a decision: ${item.name}`,
        href: hrefOf(item),
        advice: 'Approve or decline it. The person who signed up gets a mail.',
      };
    case 'workbench':
      return {
        words: `Workbench setup failed: ${atStep(item)}`,
        href: hrefOf(item),
        advice: 'The tenant’s data scientists see this reason, and can retry from this step.',
      };
    case 'silent workbench':
      return {
        words: `Workbench setup has come to a halt: ${atStep(item)}`,
        href: hrefOf(item),
        advice: seeTheWorker,
      };
    case 'silent extract':
      return {
        words: `An extract has come to a halt: ${item.name}`,
        href: hrefOf(item),
        advice: seeTheWorker,
      };
    case 'late checks':
      return {
        words: `The health check of the model is overdue: ${item.name}`,
        href: hrefOf(item),
        advice: seeTheWorker,
      };
    case 'dead letters':
      return {
        words: `${formatUnits(Number(item.name), 'message')} could not be handled`,
        href: queuesPage.path,
        advice: 'See why, then redrive or discard.',
      };
  }
}

/** The workbenches that are being set up. */
export const tenantWorkWords = (item: TenantItem<'workbench'>): ItemWords => ({
  words: `Workbench is being set up: ${atStep(item)}`,
  href: hrefOf(item),
});

/** What finished. */
export const tenantFinishedWords = (item: TenantItem<TenantFinishedKind>): ItemWords => ({
  words: item.kind === 'workbench' ? `Workbench ready: ${item.name}` : `New tenant: ${item.name}`,
  href: hrefOf(item),
});
