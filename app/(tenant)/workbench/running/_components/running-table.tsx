import type { ReactNode } from 'react';
import { Cell, DataTable, RowHead, Unknown } from '@/components/data/table';
import { formatAge, formatUnits, formatUsd, formatUsdRate } from '@/components/format';
import { Instant } from '@/components/ui/instant';
import { Status } from '@/components/ui/status';
import { isStopping, type RunningItem, rateOf, unusedUsd, usdSoFar } from '@/lib/domain/running/cost';
import type { WhyUp } from '@/lib/domain/running/idle';
import { placeOf } from '@/lib/domain/running/place';
import type { RunningEndpoint, RunningVariant } from '@/lib/domain/running/ports';
import type { RunningView } from '@/lib/domain/running/verbs/view-running';
import { known } from '@/lib/domain/seen';
import type { StudioSpaces } from '@/lib/domain/workbench/verbs/list-spaces';
import { viewHref } from '../../../monitoring/view';
import { LaunchStudio } from '../../_components/launch-studio';
import { itemsOf, keyOf } from '../view';
import { instantOf, statusWords, typeWords, whyWords } from '../words';
import { StopApp, StopEndpoint } from './stop-form';

/** What runs, the dearest first. `studio` null: nobody knows what the person may open. */
export function RunningTable({
  view,
  studio,
  now,
}: {
  readonly view: RunningView;
  readonly studio: StudioSpaces | null;
  readonly now: Date;
}) {
  const items = itemsOf(view).map((item) => ({
    item,
    place: studio && 'type' in item ? placeOf(item, studio) : null,
  }));
  const opens = items.some(({ place }) => place !== null);
  return (
    <DataTable
      label="Running apps and endpoints"
      columns={[
        { label: 'What' },
        { label: 'State' },
        { label: 'Since' },
        { label: 'Instance' },
        { label: 'An hour', numeric: true },
        { label: 'So far', numeric: true },
        ...(opens ? [{ label: 'Open' }] : []),
        { label: 'Stop' },
      ]}
    >
      {items.map(({ item, place }) => (
        <Row
          key={keyOf(item)}
          item={item}
          view={view}
          now={now}
          {...(opens && {
            open: place ? <LaunchStudio place={place} /> : <Unknown why="You can’t open it from here" />,
          })}
        />
      ))}
    </DataTable>
  );
}

function Row({
  item,
  view,
  now,
  open,
}: {
  readonly item: RunningItem;
  readonly view: RunningView;
  readonly now: Date;
  /** What the column Open says; absent: there is none. */
  readonly open?: ReactNode;
}) {
  const { tone, words } = statusWords(item.status);
  const rate = rateOf(item);
  const soFar = usdSoFar(item, now);
  const noPrice = `No price for ${rate.unpriced.join(', ')}`;
  return (
    <tr>
      <RowHead>
        <What item={item} view={view} now={now} />
      </RowHead>
      <Cell>
        <Status tone={tone}>{words}</Status>
      </Cell>
      <Cell>
        {item.since ? (
          // One element: on a phone, each would be a row of the card.
          <span className="block">
            <span className="block whitespace-nowrap">{formatAge(item.since, now)}</span>
            <span className="text-xs text-muted">
              <Instant at={item.since} />
            </span>
          </span>
        ) : (
          <Unknown why="AWS does not tell" />
        )}
      </Cell>
      <Cell>
        <Instances item={item} />
      </Cell>
      <Cell numeric>{rate.unpriced.length === 0 ? formatUsdRate(rate.usd) : <Unknown why={noPrice} />}</Cell>
      <Cell numeric>{soFar === null ? <Unknown why={noPrice} /> : formatUsd(soFar)}</Cell>
      {open === undefined ? null : <Cell>{open}</Cell>}
      <Cell>
        {isStopping(item) ? (
          <span className="text-muted">Being stopped</span>
        ) : 'type' in item ? (
          <StopApp {...item} />
        ) : (
          <StopEndpoint
            name={item.name}
            version={view.active?.endpointName === item.name ? view.active.version : null}
          />
        )}
      </Cell>
    </tr>
  );
}

function What({
  item,
  view,
  now,
}: {
  readonly item: RunningItem;
  readonly view: RunningView;
  readonly now: Date;
}) {
  if (!('type' in item)) return <Endpoint endpoint={item} view={view} now={now} />;
  const apps = known(view.apps)?.items ?? [];
  const why = known(view.idle)?.why[apps.indexOf(item)];
  return (
    <div className="min-w-56 space-y-1">
      <span className="block">{typeWords(item.type)}</span>
      <bdi className="block text-sm font-normal text-muted [overflow-wrap:anywhere]">
        {item.owner.kind === 'space' ? `Space ${item.owner.name}` : item.owner.name}
      </bdi>
      {why && !isStopping(item) ? <Why why={why} now={now} /> : null}
    </div>
  );
}

function Why({ why, now }: { readonly why: WhyUp; readonly now: Date }) {
  const at = instantOf(why);
  return (
    <span className="block max-w-sm text-xs font-normal whitespace-normal text-muted">
      {whyWords(why, now)}
      {at ? (
        <>
          {' '}
          <Instant at={at} />
        </>
      ) : null}
    </span>
  );
}

function Endpoint({
  endpoint,
  view,
  now,
}: {
  readonly endpoint: RunningEndpoint;
  readonly view: RunningView;
  readonly now: Date;
}) {
  const calls = known(view.calls)?.get(endpoint.name) ?? null;
  const unused = unusedUsd(endpoint, calls, now);
  const active = view.active?.endpointName === endpoint.name ? view.active.version : null;
  return (
    <div className="min-w-56 space-y-1">
      <span className="block">Endpoint</span>
      <a
        href={viewHref({ range: '7d', endpoint: endpoint.name })}
        className="link block text-sm font-normal [overflow-wrap:anywhere]"
      >
        {endpoint.name}
      </a>
      {active === null ? null : (
        <span className="block text-xs font-normal text-muted">
          Serves version {active}, the source of scores
        </span>
      )}
      {unused === null ? (
        calls === null ? null : (
          <span className="block text-xs font-normal text-muted">
            {formatUnits(calls, 'call')} in seven days
          </span>
        )
      ) : (
        <span className="block text-sm font-normal">
          <Status tone="warning">No call for a week, which cost {formatUsd(unused)}</Status>
        </span>
      )}
    </div>
  );
}

function Instances({ item }: { readonly item: RunningItem }) {
  if ('type' in item) return item.instanceType ?? <Unknown why="AWS does not tell" />;
  return item.variants.map((variant) => (
    <span key={variant.name} className="block whitespace-nowrap">
      {instanceWords(variant)}
    </span>
  ));
}

const instanceWords = ({ instanceType, instances, serverless }: RunningVariant): string => {
  if (serverless) return 'Serverless, by the call';
  return `${instances} × ${instanceType ?? 'unknown type'}`;
};
