import type { TenantContext } from '@/lib/domain/context';
import { nothing, tenantVerb } from '@/lib/domain/verb';
import type { Activation, ModelVersion } from '../ports';

/** A version, and what became of it. */
export interface ExportedVersion {
  readonly model: ModelVersion;
  /** The last time that it was put into use; null: never. */
  readonly activation: Activation | null;
  /** Scores come from it. */
  readonly inUse: boolean;
}

const perPage = 100;

/** Every version of the tenant, newest first, read page by page. Throws `forbidden`; what fails later fails the iteration. */
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
