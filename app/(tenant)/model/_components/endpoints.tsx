import Link from 'next/link';
import { Pager } from '@/components/data/pager';
import { whereIn } from '@/components/data/place';
import { LiveRefresh } from '@/components/live/live-refresh';
import { Result } from '@/components/live/result';
import { Status } from '@/components/ui/status';
import type { TenantContext } from '@/lib/domain/context';
import { churnInterface } from '@/lib/domain/models/interface';
import { getModel } from '@/lib/domain/models/verbs/get-model';
import { getReport } from '@/lib/domain/models/verbs/get-report';
import {
  type EndpointList,
  type ListedEndpoint,
  listEndpoints,
} from '@/lib/domain/models/verbs/list-endpoints';
import { pageOrNull } from '@/lib/server/page-or-null';
import { withParams } from '../../../_components/address';
import { endpointsReading } from '../endpoints-reading';
import { type ModelView, modelHref } from '../view';
import { inWords } from '../words';
import { ChosenEndpoint, OfShownEndpoint } from './chosen-endpoint';
import { EndpointChoice } from './endpoint-choice';
import { NoEndpoints, NoWorkbench } from './nothing-to-test';
import { Report, reportInWords } from './report';
import { Standing } from './standing';
import { TestForm } from './test-form';

/** The account's endpoints to choose from, and the report of the one that was tested. */
export async function Endpoints({
  context,
  view,
}: {
  readonly context: TenantContext;
  readonly view: ModelView;
}) {
  // SageMaker refuses a token that it did not give out, and forgets those that it did.
  const list =
    (await pageOrNull(() => listEndpoints(context, { after: view.after }))) ??
    (await listEndpoints(context, {}));
  return (
    <section aria-labelledby="endpoints" className="space-y-4">
      <Result
        name="endpoints"
        mark={list.state === 'listed' ? endpointsReading(list.endpoints, context.now()).mark : list.state}
        words={`SageMaker deploys ${view.endpoint} again`}
        id="endpoints"
        className="text-lg"
      >
        Endpoints of your account
      </Result>
      {list.state === 'no-workbench' ? (
        <NoWorkbench workbench={list.workbench} />
      ) : (
        <Listed context={context} view={view} list={list} />
      )}
    </section>
  );
}

async function Listed({
  context,
  view,
  list: { endpoints, next },
}: {
  readonly context: TenantContext;
  readonly view: ModelView;
  readonly list: Extract<EndpointList, { state: 'listed' }>;
}) {
  const { active } = await getModel(context, undefined);
  const chosen = view.endpoint ?? firstChoice(endpoints);
  const report = chosen === undefined ? null : await getReport(context, { endpointName: chosen });
  const reading = endpointsReading(endpoints, context.now());
  return (
    <ChosenEndpoint shown={chosen} words={chosen === undefined ? '' : reportInWords(chosen, report)}>
      <p className="text-sm">
        <Status tone="done">In use</Status>: {inWords(active)}.{' '}
        <Link href={modelHref({ tab: 'in-use' })} prefetch={false} className="link">
          Details
        </Link>
      </p>
      <Standing context={context} active={active} />
      {endpoints.length === 0 ? (
        <NoEndpoints />
      ) : (
        <TestForm requests={churnInterface.testRequests}>
          <EndpointChoice endpoints={endpoints} view={view} activeName={active?.endpointName ?? null} />
        </TestForm>
      )}
      {next === null && view.after === undefined ? null : (
        <Pager
          label="Pages of endpoints"
          previous={view.after === undefined ? null : { href: modelHref({ tab: 'test' }), label: 'First' }}
          next={next === null ? null : { href: modelHref({ tab: 'test', after: next }), label: 'Next' }}
        >
          {whereIn(null, endpoints.length, 'endpoint', 'by name')}
        </Pager>
      )}
      <LiveRefresh
        initial={reading}
        href={withParams('/model/status', new URLSearchParams(view.after ? { after: view.after } : {}))}
        pageHref={modelHref(view)}
      />
      <OfShownEndpoint>
        {report ? <Report {...report} active={active} now={context.now()} /> : null}
        {!report && endpoints.some(({ name }) => name === chosen) ? (
          <p className="text-sm text-muted">
            {chosen} has never been tested. Test it to see whether it meets the churn interface.
          </p>
        ) : null}
      </OfShownEndpoint>
    </ChosenEndpoint>
  );
}

/** The most likely choice: the first endpoint that can be tested. */
function firstChoice(endpoints: readonly ListedEndpoint[]): string | undefined {
  return (endpoints.find(({ status }) => status === 'InService') ?? endpoints[0])?.name;
}
