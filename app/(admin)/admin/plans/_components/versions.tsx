import { Cell, DataTable, RowHead, Unknown } from '@/components/data/table';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import type { PlanStep } from '@/lib/domain/plans/differences';
import { ChangeList } from '../../_components/change-list';
import { changesIn, type VariantNames } from '../words';

/** The versions of a plan, newest first. */
export function Versions({
  steps,
  more,
  names,
}: {
  readonly steps: readonly PlanStep[];
  readonly more: boolean;
  readonly names: VariantNames;
}) {
  return (
    <section aria-labelledby="versions" className="space-y-3">
      <h2 id="versions" className="text-lg">
        Versions
      </h2>
      <p className="max-w-3xl text-sm text-muted">
        Versions never change. The newest is in force for every tenant with the plan.
      </p>
      <DataTable
        label="Versions"
        columns={[{ label: 'Version' }, { label: 'Written' }, { label: 'Change' }, { label: 'Note' }]}
      >
        {steps.map((step, at) => (
          <VersionRow key={step.version.version} step={step} isInForce={at === 0} names={names} />
        ))}
      </DataTable>
      {more ? <p className="text-sm text-muted">There are older versions.</p> : null}
    </section>
  );
}

function VersionRow({
  step: { version, changes },
  isInForce,
  names,
}: {
  readonly step: PlanStep;
  readonly isInForce: boolean;
  readonly names: VariantNames;
}) {
  return (
    <tr>
      <RowHead labelled>
        {version.version}
        {isInForce ? (
          <span className="block text-sm font-normal">
            <Status tone="done">In force</Status>
          </span>
        ) : null}
      </RowHead>
      <Cell long>
        <div>
          <Instant at={version.createdAt} />
          <span className="block text-xs text-muted">by {version.createdBy}</span>
        </div>
      </Cell>
      <Cell long>
        <div>
          {changes ? (
            <ChangeList changes={changesIn(changes, names)} />
          ) : version.version === 1 ? (
            'First version'
          ) : (
            'Compared with an older version, which is not shown'
          )}
        </div>
      </Cell>
      <Cell long>{version.note ?? <Unknown why="No note" />}</Cell>
    </tr>
  );
}
