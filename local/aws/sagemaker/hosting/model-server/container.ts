import type { IncomingMessage, ServerResponse } from 'node:http';

/** One `POST /invocations`. */
export interface Invocation {
  /** Media type in lower case, without parameters; empty when the client sent none. */
  readonly contentType: string;
  readonly accept: string;
  readonly body: Buffer;
  readonly request: IncomingMessage;
}

/** What runs in a container: answers invocations with a model that it has loaded. */
export interface Container {
  invoke(invocation: Invocation, response: ServerResponse): Promise<void> | void;
}

/**
 * The export `load` of a container's module. `dir` is where the artefact was unpacked (`/opt/ml/model` on AWS), and
 * `environment` has the variables that the model names.
 */
export type LoadContainer = (
  dir: string,
  options: unknown,
  environment: Readonly<Record<string, string>>,
) => Promise<Container>;

/** A request that the container refuses; `status` is 4xx. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Answers an invocation. */
export function answer(
  response: ServerResponse,
  contentType: string,
  body: string | Buffer,
  status = 200,
): void {
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
