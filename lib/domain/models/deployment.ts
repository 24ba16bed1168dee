import type { DeployedEndpoint, Deployment } from './ports';

/** True when both are one deployment. What is not known is none. */
export function sameDeployment(a: Deployment | null, b: Deployment | null): boolean {
  return a !== null && b !== null && keyOf(a) === keyOf(b);
}

/** True when `endpoint` serves `deployment`, and nothing else is on its way. */
export function serves(endpoint: DeployedEndpoint, deployment: Deployment | null): boolean {
  return endpoint.pendingConfigName === null && sameDeployment(endpoint.deployment, deployment);
}

/**
 * Why `endpoint` is not what was tested as `version`, for people; null when it is. `tested`: what it served then, null when
 * nobody took note of it.
 */
export function otherModel(
  endpoint: DeployedEndpoint,
  { version, tested }: { readonly version: number; readonly tested: Deployment | null },
): string | null {
  const { name, status, deployment, pendingConfigName } = endpoint;
  if (tested === null)
    return `Annex has no record of what ${name} served when it was tested as version ${version}.`;
  if (pendingConfigName !== null && sameDeployment(deployment, tested)) {
    return `${name} is being updated from what was tested as version ${version} to the configuration ${pendingConfigName}.`;
  }
  if (serves(endpoint, tested)) return null;
  if (deployment.variants.length === 0) return `${name} serves no model: SageMaker reports it as ${status}.`;
  const now = deployment.configName;
  const how =
    now === tested.configName
      ? `the configuration ${now} was deployed again and has changed`
      : `it serves the configuration ${now}; version ${version} was ${tested.configName}`;
  return `${name} no longer serves the model that was tested as version ${version} (${how}).`;
}

const keyOf = ({ configName, configCreatedAt, variants }: Deployment): string =>
  JSON.stringify([configName, configCreatedAt, variants.map(({ name, image }) => [name, image])]);
