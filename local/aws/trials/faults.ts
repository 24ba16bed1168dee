import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../core/service';
import { readBody } from '../wire/http/body';

interface Fault {
  readonly point: string;
  /** What it hits at that point; `*` for anything. */
  readonly subject: string;
  readonly message: string;
  /** How often it still happens. */
  times: number;
}

/** Faults that a trial or test asked for. They are forgotten at a stop. */
export class Faults {
  private faults: Fault[] = [];

  /** The message of a fault at `point` for `subject`, whose count goes down by one; null when there is none. */
  consume(point: string, subject: string): string | null {
    const fault = this.faults.find((f) => f.point === point && (f.subject === subject || f.subject === '*'));
    if (!fault) return null;
    fault.times -= 1;
    if (fault.times <= 0) this.faults = this.faults.filter((f) => f !== fault);
    return fault.message;
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
  const {
    point,
    subject = '*',
    message = 'Asked for by a trial.',
    times = 1,
  } = Object(given) as Partial<Fault>;
  const whole = Number.isInteger(times) && times > 0;
  if (typeof point !== 'string' || typeof subject !== 'string' || typeof message !== 'string' || !whole) {
    throw new AwsError(
      'ValidationError',
      'A fault is {"point": "…", "subject": "…", "message": "…", "times": 1}.',
    );
  }
  return { point, subject, message, times };
}
