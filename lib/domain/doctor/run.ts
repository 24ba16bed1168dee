import type { Actor } from '../actor';
import { auditEvent } from '../audit/record';
import type { Log } from '../context';
import { chainOf, failingOf } from './links';
import { type Doctor, type DoctorRun, type LinkName, type LinkResult, linkNames } from './ports';
import { runLinks } from './run-links';

/** What a run needs of a context, inside a tenant or across tenants. */
interface RunContext {
  readonly actor: Actor;
  readonly requestId: string;
  readonly log: Log;
  now(): Date;
}

/**
 * Looks at all links, or at `link` and those that it hangs on, and keeps what was found. Throws `conflict` while another run of the
 * tenant is under way.
 */
export async function run(
  ctx: RunContext,
  doctor: Doctor,
  {
    tenantId,
    link,
    action,
  }: {
    readonly tenantId: string;
    readonly link: LinkName | undefined;
    readonly action: 'doctor.run' | 'tenants.diagnose';
  },
): Promise<DoctorRun> {
  await doctor.begin(ctx.actor);
  const startedAt = ctx.now();
  const wanted = link === undefined ? linkNames : chainOf(link);
  const links = await lookedAt(doctor, wanted, ctx.now);
  const failing = failingOf(links);
  const result = { links, startedAt, finishedAt: ctx.now(), askedBy: ctx.actor.name };
  if (failing !== null) ctx.log.warn({ tenant: tenantId, failing }, 'the doctor found a link that fails');
  await doctor.keep(
    result,
    auditEvent(ctx, {
      action,
      subject: `tenant/${tenantId}`,
      result: failing === null ? 'done' : 'failed',
      detail: { link: link ?? 'all', failing },
    }),
  );
  return result;
}

async function lookedAt(
  doctor: Doctor,
  wanted: readonly LinkName[],
  now: () => Date,
): Promise<readonly LinkResult[]> {
  try {
    return await runLinks(await doctor.examine(), wanted, now);
  } catch (error) {
    await doctor.release();
    throw error;
  }
}
