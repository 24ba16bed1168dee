import { z } from 'zod';
import { AnnexError } from '@/lib/errors';
import type { Actor } from './actor';
import { type Action, authorize } from './authorize';
import type { ControlContext, SellerContext, TenantContext } from './context';
import type { TenantState } from './tenants/tenant';

/** A function that authorises the actor, parses the input, then runs, always in that order. */
export interface Verb<C, I, O> {
  (ctx: C, input: I): Promise<O>;
  readonly action: Action;
}

/** Makes a verb that works inside one tenant. It throws `forbidden`, then `invalid` with the fields at fault. */
export const tenantVerb = <S extends z.ZodType, O>(
  action: Action,
  schema: S,
  run: (ctx: TenantContext, input: z.output<S>) => Promise<O>,
): Verb<TenantContext, z.input<S>, O> => verb(action, schema, run, ({ tenant }) => tenant.state);

/** Makes a verb that works across tenants on control-plane records. It throws as those of `tenantVerb` do. */
export const controlVerb = <S extends z.ZodType, O>(
  action: Action,
  schema: S,
  run: (ctx: ControlContext, input: z.output<S>) => Promise<O>,
): Verb<ControlContext, z.input<S>, O> => verb(action, schema, run, () => null);

/** Makes a verb that works for one seller. It throws as those of `tenantVerb` do. */
export const sellerVerb = <S extends z.ZodType, O>(
  action: Action,
  schema: S,
  run: (ctx: SellerContext, input: z.output<S>) => Promise<O>,
): Verb<SellerContext, z.input<S>, O> => verb(action, schema, run, () => null);

/** `stateOf`: the state of the tenant that the verb works in; null outside tenants. */
function verb<C extends { readonly actor: Actor }, S extends z.ZodType, O>(
  action: Action,
  schema: S,
  run: (ctx: C, input: z.output<S>) => Promise<O>,
  stateOf: (ctx: C) => TenantState | null,
): Verb<C, z.input<S>, O> {
  return Object.assign(
    async (ctx: C, input: z.input<S>) => {
      authorize(ctx.actor, action, stateOf(ctx));
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
