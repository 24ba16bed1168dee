import { isAnnexError } from '@/lib/errors';
import { record } from '../audit/record';
import type { TenantContext } from '../context';
import { isStopping } from './cost';
import type { AppKey, RunningApp } from './ports';

/** Tells an app from others, as the audit names it. */
const nameOf = ({ domainId, owner, type, name }: AppKey): string =>
  `${domainId}/${owner.name}/${type}/${name}`;

/**
 * Stops an app. The order is recorded before AWS gets it, and once more if AWS does not take it. `because`: why, if no person asked;
 * then each app is recorded once, however often this is repeated. False: there is no such app any more. Throws what AWS throws.
 */
export function stopApp(
  ctx: TenantContext,
  app: AppKey & Partial<Pick<RunningApp, 'since' | 'instanceType'>>,
  because: string | null = null,
): Promise<boolean> {
  const once = `${nameOf(app)}/${app.since?.toISOString() ?? ''}`;
  return recorded(
    ctx,
    {
      subject: `app/${nameOf(app)}`,
      detail: { kind: 'app', type: app.type, instance: app.instanceType ?? null, because },
      ...(because === null ? {} : { key: once }),
    },
    () => ctx.ports.running.stopApp(app),
  );
}

/**
 * Stops every app that is up, and says `because` in the audit; one that can’t be stopped does not keep the others. Returns whether there
 * are more than were listed. Throws, once everything was tried, what AWS threw first.
 */
export async function stopApps(ctx: TenantContext, because: string): Promise<boolean> {
  if (ctx.tenant.accountId === null) return false;
  const { items, more } = await ctx.ports.running.apps();
  const faults: unknown[] = [];
  for (const app of items.filter((one) => !isStopping(one))) {
    try {
      await stopApp(ctx, app, because);
    } catch (error) {
      if (!isAnnexError(error)) throw error;
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
  return more;
}

/** As `stopApp`, for an endpoint that a person stops. */
export const stopEndpoint = (ctx: TenantContext, name: string): Promise<boolean> =>
  recorded(ctx, { subject: `endpoint/${name}`, detail: { kind: 'endpoint' } }, () =>
    ctx.ports.running.stopEndpoint(name),
  );

async function recorded(
  ctx: TenantContext,
  { key, ...what }: { subject: string; detail: Record<string, string | null>; key?: string },
  run: () => Promise<boolean>,
): Promise<boolean> {
  // Without an account nothing runs, and there is nothing that the audit could tell of.
  if (ctx.tenant.accountId === null) return false;
  const keyed = (suffix: string) => (key === undefined ? {} : { key: `${key}/${suffix}` });
  await record(ctx, { action: 'running.stop', result: 'asked', ...what, ...keyed('asked') });
  try {
    return await run();
  } catch (error) {
    if (isAnnexError(error)) {
      await record(ctx, { action: 'running.stop', result: 'failed', ...what, ...keyed('failed') });
    }
    throw error;
  }
}
