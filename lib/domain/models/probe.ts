import { type AnnexError, isAnnexError } from '@/lib/errors';
import { counted } from '../in-words';
import { longestAnswer, type ReadAnswer, readAnswer, requestBody } from './answers';
import { excerpt } from './excerpt';
import { inferenceId } from './inference-id';
import type { ContentType, EndpointAnswer, ModelEndpoints } from './ports';

export type Rows = readonly (readonly number[])[];

/** One request of the contract test and its response. */
export interface Exchange {
  readonly contentType: ContentType;
  readonly sent: string;
  readonly received: string;
  /** Null when there was no response. */
  readonly answer: EndpointAnswer | null;
  /** Why there was no response. */
  readonly problem: string | null;
}

/** An exchange with a well-formed request. */
export interface Asked extends Exchange {
  readonly rows: Rows;
  /** Null when there was no response. */
  readonly read: ReadAnswer | null;
}

export interface ProbeLimits {
  /** Longest wait for one response, ms. */
  readonly requestMs: number;
  /** Longest time for all requests together, ms. */
  readonly totalMs: number;
}

const excerptLength = 300;
/** With less time left than this, ms, no request is sent. */
const leastMs = 50;

/** Sends the contract test's requests to one endpoint, one at a time, within `totalMs`. */
export class Probe {
  private readonly endsAt: number;

  constructor(
    private readonly endpoints: ModelEndpoints,
    private readonly endpointName: string,
    private readonly limits: ProbeLimits,
  ) {
    this.endsAt = performance.now() + limits.totalMs;
  }

  /** Requests the probabilities of `rows`. Throws as `send` does. */
  async ask(contentType: ContentType, rows: Rows): Promise<Asked> {
    const exchange = await this.send(contentType, requestBody(contentType, rows), rows.length);
    const { answer } = exchange;
    return { ...exchange, rows, read: answer ? readAnswer(answer, contentType, rows.length) : null };
  }

  /**
   * Sends `body` unchanged. Throws what is not the model's fault: `dependency_denied`, `throttled`, and unforeseen errors.
   * `rows`: the most values that the response may hold.
   */
  async send(contentType: ContentType, body: string, rows: number): Promise<Exchange> {
    const sent = shown(`${contentType}, ${counted(rows, 'row')}, ${counted(body.length, 'byte')}`, body);
    const deadlineMs = Math.min(this.limits.requestMs, Math.floor(this.endsAt - performance.now()));
    if (deadlineMs < leastMs) {
      return without({ contentType, sent }, 'The test ran out of time before this request was sent.');
    }
    try {
      const answer = await this.endpoints.invoke({
        endpointName: this.endpointName,
        contentType,
        body,
        inferenceId: inferenceId('test'),
        deadlineMs,
        maxBytes: longestAnswer(rows),
      });
      return { contentType, sent, received: receivedText(answer), answer, problem: null };
    } catch (error) {
      if (isFaultOfEndpoint(error)) return without({ contentType, sent }, error.message);
      throw error;
    }
  }
}

function isFaultOfEndpoint(error: unknown): error is AnnexError {
  return isAnnexError(error, 'dependency_failed', 'not_found');
}

function without(exchange: Pick<Exchange, 'contentType' | 'sent'>, problem: string): Exchange {
  return { ...exchange, received: 'no answer', answer: null, problem };
}

function receivedText({ status, contentType, body, ms }: EndpointAnswer): string {
  const type = contentType === '' ? 'no content type' : excerpt(contentType, 60);
  return shown(`${status}, ${type}, ${counted(body.length, 'byte')}, ${Math.round(ms)} ms`, body);
}

function shown(facts: string, body: string | Uint8Array): string {
  return `${facts}: ${excerpt(body, excerptLength)}`;
}
