import {
  BatchStopJobRunCommand,
  GetJobRunCommand,
  GlueClient,
  type GlueClientConfig,
  type JobRun,
  paginateGetJobRuns,
  StartJobRunCommand,
} from '@aws-sdk/client-glue';
import { z } from 'zod';
import type { ExtractRun, ExtractRunner } from '@/lib/domain/extracts/ports';
import { env } from '@/lib/env';
import { AnnexError, isAnnexError } from '@/lib/errors';
import { tenantClient } from '../core/clients';
import { aws } from '../core/errors';

/** For StartJobRun, which takes no idempotency token: if the SDK retried, it could start a second run. */
class GlueClientOfOneTry extends GlueClient {
  constructor(config: GlueClientConfig) {
    super({ ...config, maxAttempts: 1 });
  }
}

/** Limit for a start including credentials, ms. After that, the owner of the claim has called Glue or never will. */
const startWithinMs = 20_000;
const runsAtOnce = 100;
/** How far the clocks of Glue and Annex may differ, ms. */
const clockSkewMs = 60_000;

const manifestArgument = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.object({ requestId: z.string(), attempt: z.number().int() }));

/** The Glue job that writes extracts, with the tenant's role in the portal's account. */
export function extractRunner(tenantId: string): ExtractRunner {
  const scope = { kind: 'pooled', tenantId } as const;
  const client = () => tenantClient(GlueClient, scope);
  const JobName = env().ANNEX_EXTRACT_JOB;

  return {
    async start({ requestId, manifest, watermark, seal }) {
      const answer = await aws('starting the extract', () =>
        tenantClient(GlueClientOfOneTry, scope).send(
          new StartJobRunCommand({
            JobName,
            Arguments: {
              '--request_id': requestId,
              '--tenant_id': tenantId,
              '--watermark': String(watermark),
              '--manifest': manifest,
              '--seal': seal,
            },
          }),
          { abortSignal: AbortSignal.timeout(startWithinMs) },
        ),
      );
      if (answer.JobRunId) return answer.JobRunId;
      throw new AnnexError(
        'dependency_failed',
        'AWS returned no run for the extract. Annex will look for it again.',
      );
    },

    async find({ requestId, attempt, since }) {
      const earliest = since.getTime() - clockSkewMs;
      const found: JobRun[] = [];
      await aws('finding the extract’s run', async () => {
        const pages = paginateGetJobRuns({ client: client(), pageSize: runsAtOnce }, { JobName });
        for await (const { JobRuns: runs = [] } of pages) {
          found.push(...runs.filter((run) => isOf(run, tenantId, requestId, attempt)));
          // Glue lists the newest first.
          const oldest = runs.at(-1)?.StartedOn?.getTime();
          if (oldest !== undefined && oldest < earliest) break;
        }
      });
      return found
        .toSorted((a, b) => (a.StartedOn?.getTime() ?? 0) - (b.StartedOn?.getTime() ?? 0))
        .flatMap(({ Id }) => Id ?? []);
    },

    async run(runId) {
      try {
        const answer = await aws('checking the extract’s run', () =>
          client().send(new GetJobRunCommand({ JobName, RunId: runId })),
        );
        return answer.JobRun ? viewOf(answer.JobRun) : null;
      } catch (error) {
        if (isAnnexError(error, 'not_found')) return null;
        throw error;
      }
    },

    async stop(runId) {
      // For a run that has already ended, the response contains an error. There is nothing left to stop, so it is
      // ignored.
      await aws('stopping the extract', () =>
        client().send(new BatchStopJobRunCommand({ JobName, JobRunIds: [runId] })),
      );
    },
  };
}

/** The kind of error with which a run ends when the replica is away or behind: a class of `infra/glue/annex_extract.py`. */
const replicaUnavailable = 'ReplicaUnavailable: ';

/** Glue puts words of its own before the kind. */
const withoutKind = (reason: string): string =>
  reason.slice(reason.indexOf(replicaUnavailable) + replicaUnavailable.length);

/** Everybody who may start runs can write any arguments, so those of others may hold anything. */
function isOf(run: JobRun, tenantId: string, requestId: string, attempt: number): boolean {
  const given = run.Arguments ?? {};
  if (given['--tenant_id'] !== tenantId || given['--request_id'] !== requestId) return false;
  const manifest = manifestArgument.safeParse(given['--manifest']);
  return manifest.success && manifest.data.attempt === attempt;
}

/** States as in Glue's API reference, `JobRun`. */
function viewOf({ JobRunState, ErrorMessage }: JobRun): ExtractRun {
  const reason = ErrorMessage ?? null;
  switch (JobRunState) {
    case 'SUCCEEDED':
      return { state: 'done', reason: null };
    case 'STOPPED':
      return { state: 'stopped', reason };
    case 'FAILED':
    case 'ERROR':
      if (reason?.includes(replicaUnavailable)) return { state: 'away', reason: withoutKind(reason) };
      return { state: 'failed', reason: reason ?? 'The run failed. AWS gave no reason.' };
    case 'TIMEOUT':
      return { state: 'failed', reason: reason ?? 'The run exceeded its time limit.' };
    case 'EXPIRED':
      return { state: 'failed', reason: reason ?? 'AWS had no capacity for the run for too long.' };
    default:
      return { state: 'running', reason: null };
  }
}
