import { AwsError, type Caller, type Operation, type StandIn } from '@/local/aws/core/service';
import { optionalText, structure } from '@/local/aws/wire/rpc-input';
import { epochSeconds } from '@/local/aws/wire/rpc-page';
import {
  forms,
  neededChoice,
  neededForm,
  optionalForm,
  pageOfInput,
  sortedByTime,
  validationError,
} from '../shared/input';
import { type AppKey, type Apps, appArn, appsOf, findApp, type StudioApp } from './apps';
import { neededDomain } from './domains';
import { idleAppTypes } from './idle-settings';
import { findProfile, profileArn } from './user-profile';

type Input = Record<string, unknown>;

const appTypes = [
  'JupyterServer',
  'KernelGateway',
  'DetailedProfiler',
  'TensorBoard',
  'CodeEditor',
  'JupyterLab',
  'RStudioServerPro',
  'RSessionGateway',
  'Canvas',
] as const;

/** Operations on apps. */
export function appOperations(standIn: StandIn, apps: Apps): Record<string, Operation> {
  return {
    async CreateApp(input, caller) {
      const key = authorizedKey(standIn, input, caller, 'CreateApp');
      const domain = await neededDomain(standIn, key.accountId, key.domainId);
      const profile = await findProfile(standIn, key.accountId, key.domainId, key.profile);
      if (profile?.status !== 'InService') {
        const arn = profileArn(standIn, key.accountId, key.domainId, key.profile);
        throw new AwsError('ValidationException', `User Profile [${arn}] must exist and be InService.`);
      }
      const instanceType =
        optionalText(structure(input, 'ResourceSpec'), 'InstanceType') ?? domain.instanceType;
      await apps.create(key, domain, instanceType);
      return { AppArn: appArn(standIn, key) };
    },
    async DescribeApp(input, caller) {
      const app = await neededApp(standIn, authorizedKey(standIn, input, caller, 'DescribeApp'));
      return {
        ...appSummary(app),
        AppArn: appArn(standIn, app),
        LastUserActivityTimestamp: epochSeconds(app.activeAt),
        LastHealthCheckTimestamp: epochSeconds(app.endedAt ?? new Date().toISOString()),
      };
    },
    async DeleteApp(input, caller) {
      const app = await neededApp(standIn, authorizedKey(standIn, input, caller, 'DeleteApp'));
      if (app.status === 'Deleted') throw notFound(standIn, app);
      if (app.status !== 'Deleting') await apps.delete(app);
      return undefined;
    },
    async ListApps(input, caller) {
      const any = { domainId: '*', profile: '*', type: 'JupyterLab', name: '*' } as const;
      standIn.authorize(
        caller,
        'sagemaker:ListApps',
        appArn(standIn, { accountId: caller.accountId, ...any }),
      );
      const domainId = optionalForm(input, 'DomainIdEquals', forms.domainId);
      const profile = optionalForm(input, 'UserProfileNameEquals', forms.name);
      const all = (await appsOf(standIn, caller.accountId, domainId)).filter(
        (app) => profile === undefined || app.profile === profile,
      );
      const sorted = sortedByTime(all, ({ createdAt }) => createdAt, input);
      const { items, next } = pageOfInput(sorted, (app) => appArn(standIn, app), input);
      return { Apps: items.map(appSummary), NextToken: next };
    },
  };
}

function authorizedKey(standIn: StandIn, input: Input, caller: Caller, action: string): AppKey {
  const domainId = neededForm(input, 'DomainId', forms.domainId);
  const type = neededChoice(input, 'AppType', appTypes);
  const name = neededForm(input, 'AppName', forms.name);
  const profile = neededForm(input, 'UserProfileName', forms.name);
  const arn = `arn:aws:sagemaker:${standIn.region}:${caller.accountId}:app/${domainId}/${profile}/${type}/${name}`;
  standIn.authorize(caller, `sagemaker:${action}`, arn);
  const offered = idleAppTypes.find((each) => each === type);
  if (offered === undefined) {
    const all = idleAppTypes.join(', ');
    throw validationError('AppType', type, `Member must be available in this domain: [${all}]`);
  }
  return { accountId: caller.accountId, domainId, profile, type: offered, name };
}

async function neededApp(standIn: StandIn, key: AppKey): Promise<StudioApp> {
  const app = await findApp(standIn, key);
  if (app) return app;
  throw notFound(standIn, key);
}

const notFound = (standIn: StandIn, key: AppKey): AwsError =>
  new AwsError('ResourceNotFound', `App [${appArn(standIn, key)}] does not exist.`);

function appSummary(app: StudioApp): object {
  return {
    DomainId: app.domainId,
    UserProfileName: app.profile,
    AppType: app.type,
    AppName: app.name,
    Status: app.status,
    CreationTime: epochSeconds(app.createdAt),
    ResourceSpec: { InstanceType: app.instanceType },
  };
}
