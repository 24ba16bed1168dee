import type { TenantContext } from '@/lib/domain/context';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import type { Activation, ModelVersion } from '../ports';

/** A version with its activation. */
export interface ExportedVersion {
  readonly model: ModelVersion;
  /** The version's newest activation; null: it was never activated. */
  readonly activation: Activation | null;
  /** Whether the version is active. */
  readonly inUse: boolean;
}

const perPage = 100;

/** Every version of the tenant, newest first, read page by page. Throws `forbidden`; later errors end the iteration. */
export const exportVersions = tenantVerb('models.view', nothing, async (ctx) => rows(ctx));

async function* rows({ ports: { models } }: TenantContext): AsyncGenerator<ExportedVersion> {
  const active = await models.active();
  let before: number | undefined;
  do {
    const versions = await models.versions({ before, limit: perPage });
    const activations = await models.newestActivations(versions.map(({ version }) => version));
    yield* versions.map((model) => ({
      model,
      activation: activations.find(({ version }) => version === model.version) ?? null,
      inUse: model.version === active?.version,
    }));
    before = versions.length === perPage ? versions.at(-1)?.version : undefined;
  } while (before !== undefined);
}
