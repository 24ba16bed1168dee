import { ItemList } from '@/components/data/item-list';
import { Unreadable } from '@/components/data/unreadable';
import { besides, nextStep } from '@/lib/domain/overview/steps';
import type { Overview } from '@/lib/domain/overview/verbs/get-overview';
import { attentionWords, finishedWords, workWords } from '../words';
import { Checklist } from './checklist';
import { Figures } from './figures';

const partNames = {
  customers: 'Customers',
  orderImport: 'Import',
  scoring: 'Scores',
  model: 'Model',
  workbench: 'Workbench',
  extracts: 'Extracts',
  endpoints: 'Endpoints',
  budget: 'Budget',
} as const;

/** What somebody of a tenant is told first. */
export function TenantPart({ overview }: { readonly overview: Overview }) {
  const { customers, steps, attention, underWay, finished } = overview;
  const needsYou = besides(attention, steps);
  const isUnderWay = besides(underWay, steps);
  const isNew = (customers?.customers ?? 0) === 0;
  return (
    <>
      <Unreadable parts={overview.unreadable} names={partNames} />
      {isNew ? null : <Figures overview={overview} />}
      {needsYou.length > 0 ? (
        <ItemList title="Needs you" items={needsYou} wording={attentionWords} tone="failed" />
      ) : isNew || attention.length > 0 || overview.unreadable.length > 0 || nextStep(steps) ? null : (
        <p className="text-muted">Nothing needs you now.</p>
      )}
      {steps.some(({ state }) => state !== 'done') ? <Checklist steps={steps} /> : null}
      {isUnderWay.length > 0 ? <ItemList title="Under way" items={isUnderWay} wording={workWords} /> : null}
      {finished.length > 0 ? (
        <ItemList title="Finished lately" items={finished} wording={finishedWords} />
      ) : null}
    </>
  );
}
