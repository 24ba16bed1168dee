import type { Caller, StandIn } from '@/local/aws/core/service';

export type Properties = Readonly<Record<string, unknown>>;

/** What a resource is made with. */
export interface ResourceContext {
  readonly standIn: StandIn;
  /** Who deploys the stack, and must be allowed everything. */
  readonly caller: Caller;
  /** The same each time that this resource is made; see `owner` of the services. */
  readonly owner: string;
  /** A name for what the template gives none. */
  readonly name: string;
  /** An id of ten letters and digits. */
  readonly id: string;
}

export interface Made {
  readonly physicalId: string;
  /** For `Fn::GetAtt`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A type of resource. Its steps can be repeated; a creation that throws has made nothing. */
export interface ResourceHandler {
  /** Properties that it knows; others are refused. Null: the service itself looks. */
  readonly known: readonly string[] | null;
  /** Those of them that cannot be changed: the resource is replaced. */
  readonly fixed: readonly string[];
  create(context: ResourceContext, properties: Properties): Promise<Made>;
  /** Brings what is there to the new properties. */
  update(context: ResourceContext, made: Made, properties: Properties, before: Properties): Promise<Made>;
  /** Deletes it, if it is there. */
  remove(context: ResourceContext, made: Made, properties: Properties): Promise<void>;
}

/** For types whose every change is a replacement. */
export const neverUpdated: ResourceHandler['update'] = async (_, made) => made;

/** Ignores the refusals with these codes. */
export async function unless(codes: readonly string[], run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!codes.includes((error as Error).name)) throw error;
  }
}
