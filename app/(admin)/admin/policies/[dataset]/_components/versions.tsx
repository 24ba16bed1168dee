import { Cell, DataTable, RowHead, Unknown } from '@/components/data/table';
import { formatUnits } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import type { Tone } from '@/components/ui/tones';
import type { PolicyStep, VersionState } from '@/lib/domain/policies/differences';
import { ChangeList } from '../../../_components/change-list';
import { changesIn } from './words';

const tones: Readonly<Record<VersionState, Tone>> = {
  'in force': 'done',
  scheduled: 'running',
  replaced: 'neutral',
  'never in force': 'neutral',
};
const stateWords: Readonly<Record<VersionState, string>> = {
  'in force': 'In force',
  scheduled: 'Scheduled',
  replaced: 'Replaced',
  'never in force': 'Never in force',
};

/** The versions of the standard or of a tenant's override, newest first. */
export function Versions({
  steps,
  tenant,
}: {
  readonly steps: readonly PolicyStep[];
  /** The tenant's name; null for the standard. */
  readonly tenant: string | null;
}) {
  return (
    <section aria-labelledby="versions" className="space-y-3">
      <h2 id="versions" className="text-lg">
        Versions {tenant === null ? 'of the standard' : `of the override for ${tenant}`}
      </h2>
      <p className="max-w-3xl text-sm text-muted">
        Versions never change. The standard and all overrides of a dataset share one numbering, so a number in
        a manifest names one version.
      </p>
      {steps.length === 0 ? (
        <p className="text-sm">No override was ever made: {tenant ?? 'the tenant'} follows the standard.</p>
      ) : (
        <DataTable
          label="Versions"
          columns={[
            { label: 'Version' },
            { label: 'State' },
            { label: 'In force from' },
            { label: 'Written' },
            { label: 'Change' },
            { label: 'Note' },
          ]}
        >
          {steps.map((step) => (
            <VersionRow key={step.version.version} step={step} />
          ))}
        </DataTable>
      )}
    </section>
  );
}

function VersionRow({ step }: { readonly step: PolicyStep }) {
  const { version, state } = step;
  return (
    <tr>
      <RowHead labelled>{version.version}</RowHead>
      <Cell>
        <Status tone={tones[state]}>{stateWords[state]}</Status>
      </Cell>
      <Cell>
        <Instant at={version.effectiveAt} />
      </Cell>
      <Cell long>
        <div>
          <Instant at={version.createdAt} />
          <span className="block text-xs text-muted">by {version.createdBy}</span>
        </div>
      </Cell>
      <Cell>
        <div>
          <Change step={step} />
        </div>
      </Cell>
      <Cell long>{version.note ?? <Unknown why="No note" />}</Cell>
    </tr>
  );
}

function Change({ step: { version, changes } }: { readonly step: PolicyStep }) {
  if (version.content === null) return 'The override ends: the standard holds';
  if (!changes)
    return `First version: ${formatUnits(Object.keys(version.content.columns).length, 'column')} named`;
  const worded = changesIn(changes.differences);
  const { since } = changes;
  const isStandard = since.tenantId === null && version.tenantId !== null;
  return (
    <>
      {isStandard ? (
        <span className="block text-xs text-muted">Compared with version {since.version}, the standard:</span>
      ) : null}
      {worded.length === 0 ? 'Nothing' : <ChangeList changes={worded} />}
    </>
  );
}
