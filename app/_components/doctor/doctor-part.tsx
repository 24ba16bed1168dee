import type { ComponentProps } from 'react';
import { EmptyState } from '@/components/ui/empty-state';
import type { DoctorRun, LinkName } from '@/lib/domain/doctor/ports';
import { LinkList, Summary } from './link-list';
import { RunDoctor } from './run-form';
import { summaryOf } from './words';

/** The doctor: its newest results, or what it would do, with the button that runs it. */
export function DoctorPart({
  run,
  again,
  act,
  tenantId,
}: {
  /** Null before the first run. */
  readonly run: DoctorRun | null;
  readonly again: LinkName | null;
  readonly act: ComponentProps<typeof RunDoctor>['act'];
  /** For administrators: whose links. */
  readonly tenantId?: string | undefined;
}) {
  if (run === null) {
    return (
      <EmptyState title="The doctor has not run yet">
        <p>
          It looks at each link that the workbench hangs on, from Annex’s own role to the account’s quotas,
          and says of each what was called, what came back and how to mend it. It changes nothing, reads no
          data, and takes a few seconds.
        </p>
        <RunDoctor act={act} tenantId={tenantId} />
      </EmptyState>
    );
  }
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
        <Summary {...summaryOf(run)} run={run} />
        <RunDoctor act={act} tenantId={tenantId} />
      </div>
      <LinkList run={run} again={again} act={act} tenantId={tenantId} />
    </div>
  );
}
