import { Pager } from '@/components/data/pager';
import { whereIn } from '@/components/data/place';
import { Cell, DataTable, RowHead } from '@/components/data/table';
import { formatDecimal } from '@/components/format';
import { ExportLink } from '@/components/ui/export-link';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import type { TenantContext } from '@/lib/domain/context';
import type { ModelVersion } from '@/lib/domain/models/ports';
import { getModel } from '@/lib/domain/models/verbs/get-model';
import { listVersions } from '@/lib/domain/models/verbs/list-versions';
import { type ModelView, modelHref } from '../view';
import { labelOf } from '../words';
import { ReturnButton, VersionsForm } from './versions-form';

/** Every version ever registered; each can be activated again. */
export async function Versions({
  context,
  view,
}: {
  readonly context: TenantContext;
  readonly view: ModelView;
}) {
  const [{ versions, place, next, previous }, { active }] = await Promise.all([
    listVersions(context, { before: view.before }),
    getModel(context, undefined),
  ]);
  return (
    <section aria-labelledby="versions" className="space-y-3">
      <div className="flex flex-wrap items-end justify-between gap-x-8 gap-y-3">
        <h2 id="versions" className="text-lg">
          Versions
        </h2>
        {versions.length === 0 ? null : <ExportLink href="/model/export" />}
      </div>
      {versions.length === 0 ? (
        <p className="text-muted">
          No versions yet. Activating an endpoint registers version 1. You can always return to an earlier
          version.
        </p>
      ) : (
        <VersionsForm>
          <p className="max-w-3xl text-sm text-muted">
            A version is the exact model that was tested. If its endpoint now serves a different model,
            returning to the version makes SageMaker deploy its configuration again, which takes several
            minutes. Annex then tests the endpoint and activates the version.
          </p>
          <VersionTable versions={versions} active={active} />
        </VersionsForm>
      )}
      {versions.length === 0 ? null : (
        <Pager
          label="Pages of versions"
          previous={previous === null ? null : { href: hrefOf(previous), label: 'Newer' }}
          next={next === null ? null : { href: hrefOf(next), label: 'Older' }}
        >
          {whereIn(place, versions.length, 'version')}
        </Pager>
      )}
    </section>
  );
}

const hrefOf = (before: number | 'first'): string =>
  modelHref({ tab: 'versions', before: before === 'first' ? undefined : before });

function VersionTable({
  versions,
  active,
}: {
  readonly versions: readonly ModelVersion[];
  readonly active: ModelVersion | null;
}) {
  return (
    <DataTable
      label="Versions, newest first"
      columns={[
        { label: 'Version' },
        { label: 'Endpoint' },
        { label: 'Configuration' },
        { label: 'Content type' },
        { label: '1 row, ms', numeric: true },
        { label: '100 rows, ms', numeric: true },
        { label: 'Registered by' },
        { label: 'Registered' },
        { label: 'Use', head: <span className="sr-only">Actions</span> },
      ]}
    >
      {versions.map((model) => (
        <tr key={model.version}>
          <RowHead labelled>{model.version}</RowHead>
          <Cell>
            <a href={modelHref({ tab: 'test', endpoint: model.endpointName }, 'report')} className="row-link">
              {model.endpointName}
            </a>
          </Cell>
          <Cell long>{model.report.deployment?.configName ?? 'Unknown'}</Cell>
          <Cell>{model.contentType}</Cell>
          <Cell numeric>{milliseconds(model.report.latencyMs.rows1)}</Cell>
          <Cell numeric>{milliseconds(model.report.latencyMs.rows100)}</Cell>
          <Cell long>{model.registeredBy}</Cell>
          <Cell>
            <Instant at={model.registeredAt} />
          </Cell>
          <Cell>
            {model.version === active?.version ? (
              <span className="inline-flex h-9 items-center whitespace-nowrap">
                <Status tone="done">In use</Status>
              </span>
            ) : (
              <ReturnButton version={model.version} label={labelOf(model, active)} />
            )}
          </Cell>
        </tr>
      ))}
    </DataTable>
  );
}

const milliseconds = (value: number | null): string => (value === null ? '–' : formatDecimal(value));
