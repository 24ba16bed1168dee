import { randomUUID } from 'node:crypto';
import type { StandIn } from '@/local/aws/core/service';
import type { CaptureSettings } from '../hosting/endpoint-configs';
import type { EndpointRecord } from '../hosting/endpoint-record';
import { parseS3Uri, type RoleS3, roleS3 } from '../shared/role-s3';

/** One side of an invocation. */
interface CapturedBody {
  readonly contentType: string;
  readonly data: Buffer;
}

export interface CapturedInvocation {
  readonly eventId: string;
  /** Of whoever asked. */
  readonly inferenceId: string | null;
  readonly at: Date;
  readonly input: CapturedBody;
  readonly output: CapturedBody;
}

/** Data capture: samples invocations and writes them to S3 as JSON lines, many to an object. */
export interface Capture {
  /** Which parts of the next invocation to keep; null when it is not in the sample. */
  wants(settings: CaptureSettings): { readonly output: boolean; readonly maxBytes: number } | null;
  /** Keeps an invocation for the next object. `roleArn` is the model's execution role, which writes it. */
  record(
    endpoint: Pick<EndpointRecord, 'accountId' | 'name'>,
    settings: CaptureSettings,
    variantName: string,
    roleArn: string,
    invocation: CapturedInvocation,
  ): Promise<void>;
}

interface Batch {
  readonly place: string;
  readonly roleArn: string;
  readonly startedAt: Date;
  readonly lines: string[];
  bytes: number;
}

/** A body beyond this is cut, as is what an object may hold before it is written. */
const maxBodyBytes = 1024 * 1024;
const maxBatchBytes = 4 * 1024 * 1024;
/** Steps that a batch waits for more lines. */
const batchSteps = 4;

/** Makes the data capture of one stand-in. */
export function createCapture(standIn: StandIn): Capture {
  const batches = new Map<string, Batch>();

  async function write(key: string): Promise<void> {
    const batch = batches.get(key);
    if (!batch) return;
    batches.delete(key);
    const s3: RoleS3 = roleS3(standIn, batch.roleArn);
    try {
      await s3.put(
        objectPlace(batch),
        Buffer.from(batch.lines.map((line) => `${line}\n`).join('')),
        'application/x-jsonlines',
      );
    } catch (error) {
      // Capture is best effort, as AWS's: it never fails an invocation.
      standIn.log.warn(
        { err: error, place: batch.place, lines: batch.lines.length },
        'Captured data was lost.',
      );
    } finally {
      s3.close();
    }
  }

  return {
    wants({ enabled, samplingPercentage, output }) {
      return enabled && Math.random() * 100 < samplingPercentage ? { output, maxBytes: maxBodyBytes } : null;
    },
    async record({ name }, settings, variantName, roleArn, invocation) {
      const place = `${settings.destination.replace(/\/+$/, '')}/${name}/${variantName}`;
      const key = `${roleArn} ${place}`;
      let batch = batches.get(key);
      if (!batch) {
        batch = { place, roleArn, startedAt: invocation.at, lines: [], bytes: 0 };
        batches.set(key, batch);
        standIn.later(standIn.stepMs * batchSteps, () => write(key));
      }
      const line = captureLine(settings, invocation);
      batch.lines.push(line);
      batch.bytes += line.length;
      if (batch.bytes > maxBatchBytes) await write(key);
    },
  };
}

/** `<destination>/<endpoint>/<variant>/yyyy/mm/dd/hh/<minute>-<second>-<ms>-<uuid>.jsonl`, as SageMaker names it. */
function objectPlace({ place, startedAt }: Batch): { bucket: string; key: string } {
  const [date = '', time = ''] = startedAt.toISOString().slice(0, -1).split('T');
  const [hour = '', minute = '', rest = ''] = time.split(':');
  const file = `${minute}-${rest.replace('.', '-')}-${randomUUID()}.jsonl`;
  const found = parseS3Uri(`${place}/${date.replaceAll('-', '/')}/${hour}/${file}`);
  if (!found) throw new Error(`${place} is no place in S3.`);
  return found;
}

function captureLine(
  settings: CaptureSettings,
  { eventId, inferenceId, at, input, output }: CapturedInvocation,
): string {
  return JSON.stringify({
    captureData: {
      ...(settings.input && { endpointInput: side(settings, 'INPUT', input) }),
      ...(settings.output && { endpointOutput: side(settings, 'OUTPUT', output) }),
    },
    eventMetadata: {
      eventId,
      ...(inferenceId && { inferenceId }),
      inferenceTime: `${at.toISOString().slice(0, 19)}Z`,
    },
    eventVersion: '0',
  });
}

function side(
  settings: CaptureSettings,
  mode: 'INPUT' | 'OUTPUT',
  { contentType, data }: CapturedBody,
): object {
  const media = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const is = (types: readonly string[]) => types.some((type) => type.toLowerCase() === media);
  const encoding = is(settings.csvTypes) ? 'CSV' : is(settings.jsonTypes) ? 'JSON' : 'BASE64';
  const cut = data.subarray(0, maxBodyBytes);
  return {
    observedContentType: contentType,
    mode,
    data: encoding === 'BASE64' ? cut.toString('base64') : cut.toString(),
    encoding,
  };
}
