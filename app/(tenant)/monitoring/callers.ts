import { type OwnCallKind, ownCallKinds } from '@/lib/domain/models/inference-id';
import type { Callers, Traffic } from '@/lib/domain/monitoring/traffic';

/** Who calls an endpoint. `all`: SageMaker's count, which includes everybody. */
export type Caller = 'apps' | 'all' | OwnCallKind;

export interface CallerRow {
  readonly caller: Caller;
  readonly name: string;
  readonly traffic: Traffic;
}

const ownNames: Readonly<Record<OwnCallKind, string>> = {
  scoring: 'Scoring',
  look: 'Health checks',
  test: 'Tests',
};

const allOf = ({ all }: Callers): CallerRow => ({ caller: 'all', name: 'All callers', traffic: all });

/** Whose calls the page leads with, then Annex's own. All callers lead where they cannot be told apart, and are alone then. */
export function callersOf(callers: Callers): readonly [CallerRow, ...CallerRow[]] {
  const { apps } = callers;
  if (typeof apps === 'string') return [allOf(callers)];
  return [{ caller: 'apps', name: 'Your applications', traffic: apps }, ...ownOf(callers)];
}

/** Every caller with its counts; all of them together last. */
export function tableOf(callers: Callers): readonly CallerRow[] {
  const { apps } = callers;
  const first: readonly CallerRow[] =
    typeof apps === 'string' ? [] : [{ caller: 'apps', name: 'Your applications', traffic: apps }];
  return [...first, ...ownOf(callers), allOf(callers)];
}

const ownOf = ({ own }: Callers): readonly CallerRow[] =>
  ownCallKinds.map((kind) => ({ caller: kind, name: ownNames[kind], traffic: own[kind] }));

/** Why the callers are not told apart; null when they are. */
export function notApart({ apps }: Callers): string | null {
  if (typeof apps !== 'string') return null;
  if (apps === 'several_variants') {
    return 'This endpoint has several variants. SageMaker chooses one for each call and does not say which one refused it, so these figures include Annex’s own calls.';
  }
  const reason =
    apps === 'denied'
      ? 'AWS doesn’t allow Annex to read what it recorded of its own calls'
      : apps === 'failed'
        ? 'CloudWatch could not return what Annex recorded of its own calls'
        : 'CloudWatch returned only part of what Annex recorded of its own calls';
  return `${reason}, so these figures include them.`;
}
