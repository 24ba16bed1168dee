import { countedLimits, type PlanLimits, type PlanVersion } from './ports';

/** One limit that a version changes. Variants are in alphabetical order. */
export type LimitChange = {
  readonly [K in keyof PlanLimits]: {
    readonly limit: K;
    readonly from: PlanLimits[K];
    readonly to: PlanLimits[K];
  };
}[keyof PlanLimits];

/** What differs from `before` to `after`, in the order of pages. */
export function differences(before: PlanLimits, after: PlanLimits): readonly LimitChange[] {
  const [from, to] = [sorted(before.variants), sorted(after.variants)];
  return [
    ...(JSON.stringify(from) === JSON.stringify(to) ? [] : [{ limit: 'variants' as const, from, to }]),
    ...[...countedLimits, 'budgetBrake' as const].flatMap((limit) =>
      before[limit] === after[limit] ? [] : [{ limit, from: before[limit], to: after[limit] } as LimitChange],
    ),
  ];
}

const sorted = (variants: readonly string[] | null) => variants?.toSorted() ?? null;

/** A version beside the one before it. */
export interface PlanStep {
  readonly version: PlanVersion;
  /** Null for the first, and where the one before is not among the versions. */
  readonly changes: readonly LimitChange[] | null;
}

/** The versions of a plan, newest first, as steps. */
export const stepsOf = (versions: readonly PlanVersion[]): readonly PlanStep[] =>
  versions.map((version, at) => {
    const previous = versions[at + 1];
    return { version, changes: previous ? differences(previous.limits, version.limits) : null };
  });
