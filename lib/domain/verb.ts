import { z } from 'zod';
import { AnnexError } from '@/lib/errors';
import { type Action, authorize } from './authorize';
import type { ControlContext, SellerContext, TenantContext } from './context';

/** A function that authorises the actor, parses the input, then runs, always in that order. */
export interface Verb<C, I, O> {
  (ctx: C, input: I): Promise<O>;
  readonly action: Action;
}

/** Makes a verb that works inside one tenant. It throws `forbidden`, then `invalid` with the fields at fault. */
export function tenantVerb<S extends z.ZodType, O>(
  action: Action,
  schema: S,
  run: (ctx: TenantContext, input: z.output<S>) => Promise<O>,
): Verb<TenantContext, z.input<S>, O> {
  return Object.assign(
    async (ctx: TenantContext, input: z.input<S>) => {
      authorize(ctx.actor, action, ctx.tenant.state);
      return run(ctx, parse(schema, input));
    },
    { action },
  );
}

/** Makes a verb that works across tenants on control-plane records. It throws as those of `tenantVerb` do. */
export function controlVerb<S extends z.ZodType, O>(
  action: Action,
  schema: S,
  run: (ctx: ControlContext, input: z.output<S>) => Promise<O>,
): Verb<ControlContext, z.input<S>, O> {
  return Object.assign(
    async (ctx: ControlContext, input: z.input<S>) => {
      authorize(ctx.actor, action, null);
      return run(ctx, parse(schema, input));
    },
    { action },
  );
}

/** Makes a verb that works for one seller. It throws as those of `tenantVerb` do. */
export function sellerVerb<S extends z.ZodType, O>(
  action: Action,
  schema: S,
  run: (ctx: SellerContext, input: z.output<S>) => Promise<O>,
): Verb<SellerContext, z.input<S>, O> {
  return Object.assign(
    async (ctx: SellerContext, input: z.input<S>) => {
      authorize(ctx.actor, action, null);
      return run(ctx, parse(schema, input));
    },
    { action },
  );
}

/** The input of a verb that takes none. */
export const nothing = z.undefined();

function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) fields[issue.path.join('.') || 'input'] ??= issue.message;
  throw new AnnexError(
    'invalid',
    Object.entries(fields)
      .map(([name, text]) => `${name}: ${text}`)
      .join('; '),
    {
      fields,
    },
  );
}
