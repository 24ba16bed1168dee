import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../core/service';
import { readBody } from '../wire/http/body';

interface Fault {
  readonly point: string;
  /** What it hits at that point; `*` for anything. */
  readonly subject: string;
  /** Whose calls it hits: those of sessions with this tenant's tag; null: everybody's. */
  readonly tenant: string | null;
  readonly message: string;
  /** The share of the occasions at which it happens; the first ones are spared. */
  readonly rate: number;
  /** How often it still happens; null: until it is taken back. */
  times: number | null;
  /** How many occasions it has had. */
  occasions: number;
}

/** Faults that a trial or test asked for. They are forgotten at a stop. */
export class Faults {
  private faults: Fault[] = [];

  /**
   * The message of a fault at `point` for `subject`, whose count goes down by one; null when there is none, and when it is not its
   * turn. `tenant`: the tag of the caller's session.
   */
  consume(point: string, subject: string, tenant?: string): string | null {
    const fault = this.find(point, subject, tenant);
    if (!fault) return null;
    fault.occasions += 1;
    const { occasions, rate } = fault;
    // Counted, not drawn: a rate of 0.3 is three of ten, whatever runs.
    if (Math.floor(occasions * rate) === Math.floor((occasions - 1) * rate)) return null;
    if (fault.times !== null) fault.times -= 1;
    if (fault.times !== null && fault.times <= 0) this.faults = this.faults.filter((f) => f !== fault);
    return fault.message;
  }

  /** As `consume`, for what is another way until the fault is taken back: nothing is counted. */
  standing(point: string, subject: string, tenant?: string): string | null {
    return this.find(point, subject, tenant)?.message ?? null;
  }

  private find(point: string, subject: string, tenant?: string): Fault | undefined {
    return this.faults.find(
      (fault) =>
        fault.point === point &&
        (fault.subject === subject || fault.subject === '*') &&
        (fault.tenant === null || fault.tenant === tenant),
    );
  }

  /** Answers `/_annex/faults`: POST adds one, GET lists them, DELETE forgets all, or those of `?subject=`. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method === 'POST') this.faults.push(parse(await readBody(request, 64 * 1024)));
    else if (request.method === 'DELETE') {
      const subject = new URL(request.url ?? '', 'http://localhost').searchParams.get('subject');
      this.faults = this.faults.filter((fault) => subject !== null && fault.subject !== subject);
    } else if (request.method !== 'GET')
      throw new AwsError('MethodNotAllowed', 'Use GET, POST or DELETE.', 405);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ faults: this.faults }));
  }
}

function parse(body: Buffer): Fault {
  let given: unknown;
  try {
    given = JSON.parse(body.toString());
  } catch {
    given = null;
  }
  const fault = Object(given) as Partial<Fault>;
  const { point, subject = '*', message = 'Asked for by a trial.', rate = 1, tenant = null } = fault;
  // At a rate, a fault goes on until it is taken back.
  const times = fault.times === undefined ? (fault.rate === undefined ? 1 : null) : fault.times;
  const counted = times === null || (Number.isInteger(times) && times > 0);
  const shared = typeof rate === 'number' && rate >= 0 && rate <= 1;
  const texts = [point, subject, message, tenant ?? ''].every((text) => typeof text === 'string');
  if (point === undefined || !texts || !counted || !shared) {
    throw new AwsError(
      'ValidationError',
      'A fault is {"point": "…", "subject": "…", "tenant": "…", "message": "…", "times": 1, "rate": 1}.',
    );
  }
  return { point, subject, tenant, message, rate, times, occasions: 0 };
}
