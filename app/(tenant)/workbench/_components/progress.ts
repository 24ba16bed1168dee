import type { WorkbenchRequest } from '@/lib/domain/workbench/ports';

/** The page's view of a request as JSON values. Instants are ISO 8601. */
export interface Progress {
  readonly requestId: string;
  readonly state: WorkbenchRequest['state'];
  readonly attempt: number;
  readonly steps: readonly ProgressStep[];
  /** The server's clock at the time of the reading. */
  readonly at: string;
}

export interface ProgressStep {
  readonly name: WorkbenchRequest['steps'][number]['name'];
  readonly state: WorkbenchRequest['steps'][number]['state'];
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly reason: string | null;
}

/** A request as it stood at `now`. */
export const progressOf = (request: WorkbenchRequest, now: Date): Progress => ({
  requestId: request.requestId,
  state: request.state,
  attempt: request.attempt,
  steps: request.steps.map(({ name, state, startedAt, finishedAt, reason }) => ({
    name,
    state,
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
    reason,
  })),
  at: now.toISOString(),
});
