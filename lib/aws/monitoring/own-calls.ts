import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { type OwnCallKind, ownCallKinds } from '@/lib/domain/models/inference-id';
import { type OwnMetricName, ownCounts } from '@/lib/domain/monitoring/ports';
import { log } from '@/lib/log';
import { inNoTurn } from '@/lib/turn';
import { aws } from '../core/errors';

/** The namespace of the metrics that Annex itself writes, in the tenant's account. */
export const ownNamespace = 'Annex';

/** How SageMaker counts a call; `unanswered`: Annex stopped waiting before it knew. */
export type CallOutcome = 'succeeded' | 'client_error' | 'server_error' | 'unanswered';

export interface OwnCall {
  readonly endpointName: string;
  readonly kind: OwnCallKind;
  readonly outcome: CallOutcome;
}

type Count = (typeof ownCounts)[number];

const metricNames: Readonly<Record<Count, string>> = {
  Calls: 'Invocations',
  Errors4xx: 'Invocation4XXErrors',
  Errors5xx: 'Invocation5XXErrors',
  Unanswered: 'Unanswered',
};
const purposes: Readonly<Record<OwnCallKind, string>> = {
  scoring: 'Scoring',
  look: 'HealthCheck',
  test: 'ContractTest',
};
const counted: Readonly<Record<CallOutcome, readonly Count[]>> = {
  succeeded: ['Calls'],
  client_error: ['Calls', 'Errors4xx'],
  server_error: ['Calls', 'Errors5xx'],
  unanswered: ['Calls', 'Unanswered'],
};

interface OwnMetric {
  readonly name: string;
  readonly purpose: string;
}

/** Metric and purpose of each of Annex's own counts. */
export const ownMetrics = Object.fromEntries(
  ownCallKinds.flatMap((kind) =>
    ownCounts.map((count) => [`${kind}${count}`, { name: metricNames[count], purpose: purposes[kind] }]),
  ),
) as Readonly<Record<OwnMetricName, OwnMetric>>;

/**
 * Dimensions of Annex's own counts. Without the variant: SageMaker chooses one for each call, and does not say which one when the
 * call fails.
 */
export const ownDimensions = (endpointName: string, purpose: string) => [
  { Name: 'EndpointName', Value: endpointName },
  { Name: 'Purpose', Value: purpose },
];

/** CloudWatch's limit for one request. More data than this is not kept while CloudWatch cannot be reached. */
const most = 1000;
const minuteMs = 60_000;

interface Pending {
  readonly call: OwnCall;
  readonly count: Count;
  readonly minute: number;
  value: number;
}

const recorders = new WeakMap<CloudWatchClient, (call: OwnCall) => void>();

/** Records a call that has just ended in the account of `client`, without making anybody wait. */
export function recordOwnCall(client: CloudWatchClient, call: OwnCall): void {
  let record = recorders.get(client);
  if (!record) {
    record = recorderOf(client);
    recorders.set(client, record);
  }
  record(call);
}

/** Sends one request at a time; what ends meanwhile goes into the next one, added up by minute. */
function recorderOf(client: CloudWatchClient): (call: OwnCall) => void {
  let pending = new Map<string, Pending>();
  let sending = false;
  const add = (datum: Pending) => {
    const { call, count, minute } = datum;
    const key = [call.endpointName, call.kind, count, minute].join('/');
    const present = pending.get(key);
    if (present) present.value += datum.value;
    else if (pending.size < most) pending.set(key, datum);
  };
  const send = async () => {
    let batch: readonly Pending[] = [];
    try {
      while (pending.size > 0) {
        batch = [...pending.values()];
        pending = new Map();
        await put(client, batch);
      }
    } catch (error) {
      // They go with the next call.
      for (const datum of batch) add(datum);
      log.warn({ err: error }, 'own calls could not be recorded');
    } finally {
      sending = false;
    }
  };
  return (call) => {
    const minute = Math.floor(Date.now() / minuteMs);
    for (const count of counted[call.outcome]) add({ call, count, minute, value: 1 });
    if (sending) return;
    sending = true;
    void inNoTurn(send);
  };
}

const put = (client: CloudWatchClient, batch: readonly Pending[]) =>
  aws('recording Annex’s own calls', () =>
    client.send(
      new PutMetricDataCommand({
        Namespace: ownNamespace,
        MetricData: batch.map(({ call, count, minute, value }) => ({
          MetricName: metricNames[count],
          Dimensions: ownDimensions(call.endpointName, purposes[call.kind]),
          Timestamp: new Date(minute * minuteMs),
          Unit: 'Count',
          Value: value,
        })),
      }),
    ),
  );
