import type { ItemWords } from '@/components/data/item-list';
import type { TenantAttentionKind, TenantFinishedKind, TenantItem } from '@/lib/domain/overview/tenants';
import { stepTitles } from '../../../(tenant)/workbench/_components/progress';

const atStep = ({ name, step }: TenantItem<string>): string =>
  step === null ? `${name}` : `${name}, ${stepTitles[step]}`;

const seeTheWorker = 'No worker has looked at it for ten minutes or more. See whether the worker runs.';

/** What needs an administrator. */
export function tenantAttentionWords(item: TenantItem<TenantAttentionKind>): ItemWords {
  switch (item.kind) {
    case 'workbench':
      return {
        words: `Workbench setup failed: ${atStep(item)}`,
        href: null,
        advice: 'The tenant’s data scientists see this reason, and can retry from this step.',
      };
    case 'silent workbench':
      return {
        words: `Workbench setup has come to a halt: ${atStep(item)}`,
        href: null,
        advice: seeTheWorker,
      };
    case 'silent extract':
      return { words: `An extract has come to a halt: ${item.name}`, href: null, advice: seeTheWorker };
    case 'late checks':
      return {
        words: `The health check of the model is overdue: ${item.name}`,
        href: null,
        advice: seeTheWorker,
      };
  }
}

/** The workbenches that are being set up. */
export const tenantWorkWords = (item: TenantItem<'workbench'>): ItemWords => ({
  words: `Workbench is being set up: ${atStep(item)}`,
  href: null,
});

/** What finished. */
export const tenantFinishedWords = ({ kind, name }: TenantItem<TenantFinishedKind>): ItemWords => ({
  words: kind === 'workbench' ? `Workbench ready: ${name}` : `New tenant: ${name}`,
  href: null,
});
