import type { TenantContext } from '../context';

/** Mails somebody a new temporary password. */
export const sendInvitation = (ctx: TenantContext, id: string) => ({
  change: { kind: 'invitation sent', at: ctx.now() } as const,
  inPool: () => ctx.ports.userPool.sendInvitation(id),
});
