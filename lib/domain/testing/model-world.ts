import { AnnexError } from '@/lib/errors';
import type { Role } from '../actor';
import type { AuditEvent } from '../audit/ports';
import { churnFeatures } from '../churn/features';
import type { TenantContext } from '../context';
import { sameDeployment } from '../models/deployment';
import type {
  Activation,
  ContentType,
  ContractReport,
  ContractReports,
  DeployedEndpoint,
  Deployment,
  EndpointAnswer,
  ModelEndpoints,
  ModelRegistry,
  ModelVersion,
} from '../models/ports';
import type { TenantPorts } from '../ports';
import { World } from './world';

/** How a hosted model responds to a request. */
export type FakeModel = (
  contentType: ContentType,
  body: string,
) => Partial<EndpointAnswer> & { text?: string };

const encoder = new TextEncoder();

/** The rows of a request. Throws for malformed input. */
export function rowsOf(contentType: ContentType, body: string): number[][] {
  const rows =
    contentType === 'text/csv'
      ? body.split('\n').map((line) => line.split(',').map(Number))
      : (JSON.parse(body) as { instances: { features: number[] }[] }).instances.map(
          ({ features }) => features,
        );
  for (const row of rows) {
    if (row.length !== churnFeatures.length || !row.every(Number.isFinite)) throw new Error('malformed');
  }
  return rows;
}

/** The score of a sound model: the longer silent, the likelier lost. */
export const churnOf = ([recency = 0, frequency = 0]: readonly number[]): number =>
  1 / (1 + Math.exp(2 - recency / 60 + frequency / 8));

/** The response body in `contentType`. */
export function worded(contentType: ContentType, values: readonly (number | string)[]): string {
  return contentType === 'text/csv'
    ? values.join('\n')
    : JSON.stringify({ predictions: values.map((score) => ({ score })) });
}

/** A model that keeps the interface, except for what `change` does to its responses. */
export const modelThat =
  (
    change: (values: number[], rows: number[][]) => readonly (number | string)[] = (values) => values,
  ): FakeModel =>
  (contentType, body) => {
    try {
      const rows = rowsOf(contentType, body);
      return { contentType, text: worded(contentType, change(rows.map(churnOf), rows)) };
    } catch {
      return { status: 400, text: 'malformed' };
    }
  };

/** A deployment with a configuration of that name. */
export const deploymentOf = (configName: string, configCreatedAt = new Date(0)): Deployment => ({
  configName,
  configCreatedAt,
  variants: [{ name: 'AllTraffic', image: 'xgboost@sha256:1' }],
});

/** Endpoints in memory. */
export class FakeEndpoints implements ModelEndpoints {
  readonly described = new Map<string, DeployedEndpoint>();
  readonly models = new Map<string, FakeModel>();
  readonly deletedConfigs = new Set<string>();
  readonly requests: {
    readonly contentType: ContentType;
    readonly body: string;
    readonly inferenceId: string;
  }[] = [];
  /** Its result, if not null, is thrown instead of a response. */
  fault: (request: { contentType: ContentType; body: string }) => AnnexError | null = () => null;

  host(name: string, model: FakeModel, more: Partial<DeployedEndpoint> = {}): this {
    const changedAt = new Date('2026-03-01T09:00:00Z');
    const variants = [{ name: 'AllTraffic', instances: 1 }];
    this.described.set(name, {
      name,
      status: 'InService',
      changedAt,
      failureReason: null,
      variants,
      deployment: deploymentOf(`${name}-1`),
      pendingConfigName: null,
      ...more,
    });
    this.models.set(name, model);
    return this;
  }

  async list({ after, limit }: { readonly after?: string | undefined; readonly limit: number }) {
    const names = [...this.described.keys()].sort().filter((name) => after === undefined || name > after);
    const endpoints = names.slice(0, limit).flatMap((name) => this.described.get(name) ?? []);
    return { endpoints, next: names.length > limit ? (endpoints.at(-1)?.name ?? null) : null };
  }

  async describe(name: string) {
    return this.described.get(name) ?? null;
  }

  async deployed(name: string) {
    return this.described.get(name) ?? null;
  }

  async deployAgain(name: string, { configName }: Deployment) {
    const endpoint = this.described.get(name);
    if (this.deletedConfigs.has(configName)) throw new AnnexError('not_found', `${configName} is not there.`);
    if (endpoint)
      this.described.set(name, { ...endpoint, status: 'Updating', pendingConfigName: configName });
  }

  async invoke({
    endpointName,
    contentType,
    body,
    inferenceId,
    maxBytes,
  }: Parameters<ModelEndpoints['invoke']>[0]) {
    this.requests.push({ contentType, body, inferenceId });
    const fault = this.fault({ contentType, body });
    if (fault) throw fault;
    const model = this.models.get(endpointName);
    if (!model) throw new AnnexError('not_found', 'The endpoint no longer exists.');
    const { text = '', ...rest } = model(contentType, body);
    const answer = { status: 200, contentType, body: encoder.encode(text), ms: 1, ...rest };
    if (answer.body.length > maxBytes)
      throw new AnnexError('dependency_failed', 'The endpoint answered too much.');
    return answer;
  }
}

/** Versions in memory, with the rules of the real registry. */
class FakeRegistry implements ModelRegistry {
  readonly kept: ModelVersion[] = [];
  readonly log: Activation[] = [];

  constructor(private readonly audit: AuditEvent[]) {}

  async versions({
    before = Number.POSITIVE_INFINITY,
    limit,
  }: {
    before?: number | undefined;
    limit: number;
  }) {
    return this.kept
      .filter(({ version }) => version < before)
      .reverse()
      .slice(0, limit);
  }
  async version(version: number) {
    return this.kept[version - 1] ?? null;
  }
  async endpoints({ name, limit }: { name?: string | undefined; limit: number }) {
    const names = [...new Set(this.kept.toReversed().map(({ endpointName }) => endpointName))];
    return names
      .filter((each) => name === undefined || each === name)
      .slice(0, limit)
      .map((endpointName) => {
        const versions = this.kept.filter((each) => each.endpointName === endpointName).toReversed();
        return {
          endpointName,
          versions: versions.slice(0, 20).map(({ version }) => version),
          registered: versions.length,
        };
      });
  }
  async registered(deployed: Parameters<ModelRegistry['registered']>[0]) {
    return this.deployed(deployed);
  }
  private deployed({ endpointName, contentType, deployment }: Parameters<ModelRegistry['registered']>[0]) {
    const same = (one: ModelVersion) =>
      one.endpointName === endpointName &&
      one.contentType === contentType &&
      sameDeployment(one.report.deployment, deployment);
    return this.kept.findLast(same) ?? null;
  }
  async countEndpoints(among: readonly string[]) {
    return this.among(among);
  }
  private among(names: readonly string[]): number {
    return names.filter((name) => this.kept.some(({ endpointName }) => endpointName === name)).length;
  }
  async register(model: Omit<ModelVersion, 'version'>, limit?: Parameters<ModelRegistry['register']>[1]) {
    const same = (one: ModelVersion) =>
      one.endpointName === model.endpointName && +one.report.testedAt === +model.report.testedAt;
    const { deployment } = model.report;
    const present = this.kept.find(same) ?? (deployment && this.deployed({ ...model, deployment }));
    if (present) return present;
    const isFirst = this.kept.every(({ endpointName }) => endpointName !== model.endpointName);
    if (limit && isFirst) limit.check(this.among(limit.among));
    const made = { ...model, version: this.kept.length + 1 };
    this.kept.push(made);
    return made;
  }
  async active() {
    const version = this.log.at(-1)?.version ?? null;
    return version === null ? null : this.version(version);
  }
  async activate(activation: Activation, audit?: AuditEvent) {
    if (activation.version !== null && !(await this.version(activation.version))) {
      throw new AnnexError('not_found', 'none');
    }
    if ((this.log.at(-1)?.version ?? null) === activation.version) return;
    this.log.push(activation);
    if (audit) this.audit.push(audit);
  }
  async activations(limit: number) {
    return this.log.toReversed().slice(0, limit);
  }
  async newestActivations(versions: readonly number[]) {
    return versions.flatMap((wanted) => this.log.findLast(({ version }) => version === wanted) ?? []);
  }
}

/** A tenant's models: endpoints, versions and contract reports. */
export class ModelWorld extends World {
  readonly endpoints = new FakeEndpoints();
  readonly registry = new FakeRegistry(this.audit);
  readonly reports: ContractReport[] = [];
  workbench: 'ready' | 'provisioning' | 'failed' | null = 'ready';

  private readonly contractReports: ContractReports = {
    keep: async (report, _, audit) => {
      this.reports.push(report);
      this.recorded(audit);
    },
    newest: async (names) =>
      names.flatMap((name) => this.reports.findLast(({ endpointName }) => endpointName === name) ?? []),
  };

  as(role: Role, name = 'ada@foo.example'): TenantContext {
    const workbenches = {
      live: async () => (this.workbench ? { state: this.workbench } : null),
    } as unknown as TenantPorts['workbenches'];
    const { endpoints, registry: models, contractReports } = this;
    return this.tenantContext(
      role,
      { endpoints, models, contractReports, workbenches },
      { id: `sub-${role}`, name },
    );
  }
}
