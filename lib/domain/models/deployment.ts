import type { DeployedEndpoint, Deployment } from './ports';

/** Whether both are the same deployment; never true of an unknown one. */
export function sameDeployment(a: Deployment | null, b: Deployment | null): boolean {
  return a !== null && b !== null && keyOf(a) === keyOf(b);
}

/** Whether `endpoint` serves `deployment` and no other deployment is under way. */
export function serves(endpoint: DeployedEndpoint, deployment: Deployment | null): boolean {
  return endpoint.pendingConfigName === null && sameDeployment(endpoint.deployment, deployment);
}

/**
 * Why `endpoint` is not what was tested as `version`, for people; null when it is. `tested`: what it served at the test, null
 * when that was not recorded.
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
