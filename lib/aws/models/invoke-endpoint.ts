import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import {
  InvokeEndpointCommand,
  ModelError,
  ModelNotReadyException,
  SageMakerRuntimeClient,
  SageMakerRuntimeServiceException,
  ServiceUnavailable,
} from '@aws-sdk/client-sagemaker-runtime';
import type { EndpointAnswer, ModelEndpoints } from '@/lib/domain/models/ports';
import { AnnexError } from '@/lib/errors';
import { fromAws } from '../core/errors';
import type { CallOutcome } from '../monitoring/own-calls';

type Invocation = Parameters<ModelEndpoints['invoke']>[0];

/** Enough for SageMaker's own errors, which quote the container's response. */
const errorBytes = 64 * 1024;

/** Longer than any deadline, ms. SageMaker itself gives a container 60 s. */
const longestMs = 65_000;

/** A runtime client that never retries: the caller decides whether its own deadline leaves time for another attempt. */
export class OneTryRuntimeClient extends SageMakerRuntimeClient {
  constructor(...[config]: ConstructorParameters<typeof SageMakerRuntimeClient>) {
    const handler = config?.requestHandler;
    const settings = handler && !('handle' in handler) ? handler : {};
    super({
      ...config,
      maxAttempts: 1,
      requestHandler: {
        ...settings,
        requestTimeout: longestMs,
        socketTimeout: longestMs,
        throwOnRequestTimeout: true,
      },
    });
  }
}

/**
 * One `InvokeEndpoint`, limited in bytes and time. Throws as `ModelEndpoints.invoke` says. Calls `ended` unless SageMaker refused
 * the call before it reached the endpoint, or nobody knows whether it did.
 */
export async function invokeEndpoint(
  client: SageMakerRuntimeClient,
  { endpointName, contentType, body, inferenceId, deadlineMs, maxBytes }: Invocation,
  ended: (outcome: CallOutcome) => void,
): Promise<EndpointAnswer> {
  const startedAt = performance.now();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  const command = new InvokeEndpointCommand({
    EndpointName: endpointName,
    ContentType: contentType,
    Accept: contentType,
    InferenceId: inferenceId,
    Body: body,
  });
  limitAnswer(command, { maxBytes, signal: deadline.signal });
  try {
    const answer = await client.send(command, { abortSignal: deadline.signal });
    ended('succeeded');
    return {
      status: 200,
      contentType: answer.ContentType ?? '',
      body: answer.Body ?? new Uint8Array(),
      ms: performance.now() - startedAt,
    };
  } catch (error) {
    const outcome = deadline.signal.aborted ? 'unanswered' : outcomeOf(error);
    if (outcome) ended(outcome);
    if (deadline.signal.aborted) {
      throw failed(`The endpoint did not answer within ${deadlineMs} ms.`, error);
    }
    if (error instanceof AnswerTooLong) {
      throw failed(`The endpoint’s answer is longer than the limit of ${maxBytes} bytes.`, error, false);
    }
    return refusal(error, performance.now() - startedAt);
  } finally {
    clearTimeout(timer);
  }
}

/** How SageMaker counts a call that ended with `error`; null: not at all. */
function outcomeOf(error: unknown): CallOutcome | null {
  if (error instanceof AnswerTooLong) return 'succeeded';
  if (error instanceof ServiceUnavailable) return 'server_error';
  if (!(error instanceof ModelError)) return null;
  const { OriginalStatusCode: status = 500 } = error;
  return status >= 400 && status < 500 ? 'client_error' : 'server_error';
}

/** The container's own response, extracted from SageMaker's error. Throws every other error. */
function refusal(error: unknown, ms: number): EndpointAnswer {
  if (error instanceof ModelError && error.OriginalStatusCode) {
    const body = new TextEncoder().encode(error.OriginalMessage ?? '');
    return { status: error.OriginalStatusCode, contentType: '', body, ms };
  }
  if (error instanceof ModelError) throw failed('SageMaker got no answer from the model’s container.', error);
  if (error instanceof ModelNotReadyException) {
    throw failed('The endpoint is still loading its model. Try again in a minute.', error);
  }
  if (error instanceof ServiceUnavailable) {
    throw failed('The endpoint exists, but none of its instances responds.', error);
  }
  if (error instanceof SageMakerRuntimeServiceException && isMissing(error)) {
    throw new AnnexError('not_found', 'The endpoint no longer exists.', { cause: error });
  }
  throw fromAws('calling the endpoint', error);
}

/** SageMaker reports a missing endpoint as a validation error. Only the message distinguishes it from others. */
const isMissing = ({ name, message }: Error): boolean =>
  /^Validation(Error|Exception)$/.test(name) && /not found|could not find/i.test(message);

const failed = (text: string, cause: unknown, transient = true): AnnexError =>
  new AnnexError('dependency_failed', text, { cause, transient });

/** The response is longer than the limit. */
class AnswerTooLong extends Error {}

interface Limit {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Reads at most `maxBytes` of the response into memory, and nothing after `signal` aborts. The SDK alone would read a
 * response of any length, and ignores its abort signal after the response's headers.
 */
function limitAnswer(command: InvokeEndpointCommand, { maxBytes, signal }: Limit): void {
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode: number; body?: IncomingMessage };
      const room = response.statusCode === 200 ? maxBytes : Math.max(maxBytes, errorBytes);
      if (response.body) response.body = limited(response.body, room, signal);
      return result;
    },
    // The step closest to the wire, where nothing has read the body yet.
    { step: 'deserialize', priority: 'low', name: 'limitAnswer' },
  );
}

function limited(source: IncomingMessage, maxBytes: number, signal: AbortSignal): IncomingMessage {
  let bytes = 0;
  const limit = new Transform({
    signal,
    transform(chunk: Uint8Array, _encoding, done) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) done(new AnswerTooLong());
      else done(null, chunk);
    },
  });
  // A body that nobody reads any more must not block its connection.
  limit.once('close', () => source.destroy());
  source.once('error', (error) => limit.destroy(error));
  source.once('aborted', () =>
    limit.destroy(new Error('the connection broke before the answer was complete')),
  );
  source.pipe(limit);
  // The SDK uses a response's body only as a readable stream.
  return limit as unknown as IncomingMessage;
}
