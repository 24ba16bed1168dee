import type { ModelVersion } from '@/lib/domain/models/ports';

/** A source of scores: `version 3 (churn-a)`, `the built-in model`. */
export const inWords = (model: Pick<ModelVersion, 'version' | 'endpointName'> | null): string =>
  model ? `version ${model.version} (${model.endpointName})` : 'the built-in model';

/** `Roll back` to a version that is older than the active one, `Return` to any other. */
export const labelOf = (
  { version }: { readonly version: number },
  active: { readonly version: number } | null,
): 'Roll back' | 'Return' => (active !== null && version < active.version ? 'Roll back' : 'Return');
