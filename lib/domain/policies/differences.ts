import { datasets } from '../extracts/datasets';
import type { DatasetName, Mask } from '../extracts/ports';
import type { PolicyContent, PolicyVersion } from './ports';

/** What a version changes. Null as a mask: the column is not decided, so it is out. */
export interface PolicyDifferences {
  readonly columns: readonly {
    readonly name: string;
    readonly from: Mask | null;
    readonly to: Mask | null;
  }[];
  /** Null: unchanged. */
  readonly rowLimit: { readonly from: number | null; readonly to: number | null } | null;
}

/** What differs from `before` to `after`, columns in the dataset's order. */
export function differences(
  dataset: DatasetName,
  before: PolicyContent,
  after: PolicyContent,
): PolicyDifferences {
  const known = datasets[dataset].columns.map(({ name }) => name);
  // Earlier versions may name columns that the dataset no longer has.
  const names = [...new Set([...known, ...Object.keys(before.columns), ...Object.keys(after.columns)])];
  const columns = names.flatMap((name) => {
    const [from, to] = [maskOf(before, name), maskOf(after, name)];
    return from === to ? [] : [{ name, from, to }];
  });
  const { rowLimit: from } = before;
  const { rowLimit: to } = after;
  return { columns, rowLimit: from === to ? null : { from, to } };
}

/** The mask of a column; null if the policy does not decide it. */
export const maskOf = ({ columns }: PolicyContent, name: string): Mask | null =>
  Object.hasOwn(columns, name) ? (columns[name] ?? null) : null;

/** Whether anything differs. */
export const isDifferent = ({ columns, rowLimit }: PolicyDifferences): boolean =>
  columns.length > 0 || rowLimit !== null;

export type VersionState = 'in force' | 'scheduled' | 'replaced' | 'never in force';

/** A version beside the one before it in its scope. */
export interface PolicyStep {
  readonly version: PolicyVersion;
  readonly state: VersionState;
  /**
   * What it changes, and since which version: the one before it or, for the first of an override, the standard at that time. Null for the
   * first standard, for the end of an override, and where what came before is not known.
   */
  readonly changes: { readonly since: PolicyVersion; readonly differences: PolicyDifferences } | null;
}

/** The versions of a scope, newest first, as steps. `standards` are the dataset's, newest first; for the standard, the same versions. */
export function stepsOf(
  versions: readonly PolicyVersion[],
  standards: readonly PolicyVersion[],
): readonly PolicyStep[] {
  const current = versions.find(({ begun }) => begun);
  return versions.map((version, at) => ({
    version,
    state: stateOf(version, current, versions.slice(0, at)),
    changes: changesOf(version, versions[at + 1], standards),
  }));
}

/** The newest version that has begun is in force: a newer version also replaces an older one that is still to come. */
function stateOf(
  version: PolicyVersion,
  current: PolicyVersion | undefined,
  newer: readonly PolicyVersion[],
): VersionState {
  if (version === current) return 'in force';
  const isOvertaken = newer.some(({ effectiveAt }) => effectiveAt <= version.effectiveAt);
  if (isOvertaken) return 'never in force';
  return version.begun ? 'replaced' : 'scheduled';
}

function changesOf(
  version: PolicyVersion,
  previous: PolicyVersion | undefined,
  standards: readonly PolicyVersion[],
): PolicyStep['changes'] {
  const { content, dataset, tenantId } = version;
  const standard = () =>
    standards.find((one) => one.version < version.version && one.effectiveAt <= version.createdAt);
  const since = previous?.content ? previous : tenantId === null ? undefined : standard();
  if (!since?.content || !content) return null;
  return { since, differences: differences(dataset, since.content, content) };
}
