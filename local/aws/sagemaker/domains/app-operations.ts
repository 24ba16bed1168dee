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
import { findSpace, spaceArn } from './space';
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
      await neededOwner(standIn, key);
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
      const space = optionalForm(input, 'SpaceNameEquals', forms.name);
      if (profile !== undefined && space !== undefined) {
        throw new AwsError(
          'ValidationException',
          'UserProfileNameEquals and SpaceNameEquals cannot be given together.',
        );
      }
      const all = (await appsOf(standIn, caller.accountId, domainId)).filter(
        (app) =>
          (profile === undefined || app.profile === profile) && (space === undefined || app.space === space),
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
  const owner = ownerOfInput(input);
  const of = owner.space ?? owner.profile;
  const arn = `arn:aws:sagemaker:${standIn.region}:${caller.accountId}:app/${domainId}/${of}/${type}/${name}`;
  standIn.authorize(caller, `sagemaker:${action}`, arn);
  const offered = idleAppTypes.find((each) => each === type);
  if (offered === undefined) {
    const all = idleAppTypes.join(', ');
    throw validationError('AppType', type, `Member must be available in this domain: [${all}]`);
  }
  return { accountId: caller.accountId, domainId, ...owner, type: offered, name };
}

function ownerOfInput(input: Input): Pick<AppKey, 'profile' | 'space'> {
  const profile = optionalForm(input, 'UserProfileName', forms.name);
  const space = optionalForm(input, 'SpaceName', forms.name);
  if (profile !== undefined && space === undefined) return { profile };
  if (space !== undefined && profile === undefined) return { space };
  throw new AwsError('ValidationException', 'Either UserProfileName or SpaceName must be provided.');
}

/** Refuses an app whose user profile or space is not there, or whose space is for apps of another type. */
async function neededOwner(standIn: StandIn, key: AppKey): Promise<void> {
  const { accountId, domainId } = key;
  if (key.space !== undefined) {
    const space = await findSpace(standIn, accountId, domainId, key.space);
    const arn = spaceArn(standIn, accountId, domainId, key.space);
    if (space?.status !== 'InService')
      throw new AwsError('ValidationException', `Space [${arn}] must exist and be InService.`);
    if (space.appType !== undefined && space.appType !== key.type)
      throw new AwsError('ValidationException', `Space [${arn}] is for apps of the type ${space.appType}.`);
    return;
  }
  const profile = await findProfile(standIn, accountId, domainId, key.profile ?? '');
  if (profile?.status === 'InService') return;
  const arn = profileArn(standIn, accountId, domainId, key.profile ?? '');
  throw new AwsError('ValidationException', `User Profile [${arn}] must exist and be InService.`);
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
    ...(app.space === undefined ? { UserProfileName: app.profile } : { SpaceName: app.space }),
    AppType: app.type,
    AppName: app.name,
    Status: app.status,
    CreationTime: epochSeconds(app.createdAt),
    ResourceSpec: { InstanceType: app.instanceType },
  };
}
