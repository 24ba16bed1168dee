import { createDurableTimers } from '@/local/aws/core/durable-timers';
import { createKeyedMutex } from '@/local/aws/core/keyed-mutex';
import { AwsError, type StandIn } from '@/local/aws/core/service';
import { type Domain, domainArn, idleSettingsOf } from './domains';
import { type AppIdleSettings, type IdleAppType, idleMinutes } from './idle-settings';
import { findSpace } from './space';
import { findProfile } from './user-profile';

/** An app of a user profile or in a space, of which it has one: JupyterLab or Code Editor. */
export interface StudioApp {
  readonly accountId: string;
  readonly domainId: string;
  readonly profile?: string;
  readonly space?: string;
  readonly type: IdleAppType;
  readonly name: string;
  readonly status: 'Pending' | 'InService' | 'Deleting' | 'Deleted';
  readonly instanceType: string;
  /** As it was set when the app was started: later changes hold for apps that start later. Null: it never stops by itself. */
  readonly idleTimeoutMinutes: number | null;
  readonly createdAt: string;
  readonly activeAt: string;
  /** When it was stopped; absent while it is up. */
  readonly endedAt?: string;
}

/** Which app; enough to find it. */
export type AppKey = Pick<StudioApp, 'accountId' | 'domainId' | 'profile' | 'space' | 'type' | 'name'>;

/** What Studio does with apps on a sign-in. */
export interface StudioApps {
  /** Starts the profile's JupyterLab unless it runs or is starting, and records activity. */
  openJupyterLab(domain: Domain, profile: string): Promise<StudioApp>;
  /** Starts the app unless it runs, is starting or is on its way out, and records activity. */
  openApp(key: AppKey, domain: Domain): Promise<StudioApp>;
  /** Records activity in an app, which puts off the idle stop; `undefined` when it never was. */
  touchApp(key: AppKey): Promise<StudioApp | undefined>;
  /** As `touchApp`, for the profile's JupyterLab. */
  touchJupyterLab(domainId: string, accountId: string, profile: string): Promise<StudioApp | undefined>;
}

interface AppTimers {
  up: { readonly key: string };
  idle: { readonly key: string };
  down: { readonly key: string };
}

const collection = 'sagemaker.apps';
/** Activity is written down at most this often. */
const activityGrainMs = 30_000;

/** No name has a colon, so a space and a user profile of the same name stay apart. */
const ownerOf = ({ profile, space }: AppKey): string => profile ?? `space:${space}`;

const keyOf = (key: AppKey): string =>
  `${key.accountId}/${key.domainId}/${ownerOf(key)}/${key.type}/${key.name}`;

/** ARN of an app. */
export const appArn = (standIn: StandIn, key: AppKey): string =>
  `${domainArn(standIn, key.accountId, key.domainId).replace(':domain/', ':app/')}/${key.space ?? key.profile}/${key.type}/${key.name}`;

/** The app; `undefined` when it never was. */
export const findApp = ({ state }: StandIn, key: AppKey): Promise<StudioApp | undefined> =>
  state.get<StudioApp>(collection, keyOf(key));

/** Apps of the account, of one domain when it is given; deleted ones too, as SageMaker lists them. */
export async function appsOf(
  { state }: StandIn,
  accountId: string,
  domainId?: string,
): Promise<readonly StudioApp[]> {
  const prefix = domainId === undefined ? `${accountId}/` : `${accountId}/${domainId}/`;
  return (await state.list<StudioApp>(collection, { prefix })).map(([, app]) => app);
}

const jupyterLab = (accountId: string, domainId: string, profile: string): AppKey => ({
  accountId,
  domainId,
  profile,
  type: 'JupyterLab',
  name: 'default',
});

/** Apps that come up, stop when idle and are deleted; each survives a stop. */
export interface Apps extends StudioApps {
  /** Throws ResourceInUse while there is one of that key. */
  create(key: AppKey, domain: Domain, instanceType: string): Promise<StudioApp>;
  delete(app: StudioApp): Promise<void>;
  start(): Promise<void>;
}

/** Makes the apps of every account. */
export function createApps(standIn: StandIn): Apps {
  const withLock = createKeyedMutex();
  const timers = createDurableTimers<AppTimers>(standIn, 'sagemaker.app-stages', {
    up: async ({ key }) => {
      const app = await standIn.state.get<StudioApp>(collection, key);
      if (app?.status !== 'Pending') return undefined;
      await putApp(standIn, { ...app, status: 'InService' });
      if (app.idleTimeoutMinutes !== null)
        await timers.schedule('idle', key, app.idleTimeoutMinutes * 60_000, { key });
      return undefined;
    },
    idle: async ({ key }) => {
      const app = await standIn.state.get<StudioApp>(collection, key);
      if (app?.status !== 'InService' || app.idleTimeoutMinutes === null) return undefined;
      const left = Date.parse(app.activeAt) + app.idleTimeoutMinutes * 60_000 - Date.now();
      if (left > 0) return left;
      await remove(app);
      return undefined;
    },
    down: async ({ key }) => {
      const app = await standIn.state.get<StudioApp>(collection, key);
      if (app?.status === 'Deleting') await putApp(standIn, { ...app, status: 'Deleted' });
      return undefined;
    },
  });

  async function remove(app: StudioApp): Promise<void> {
    await putApp(standIn, { ...app, status: 'Deleting', endedAt: new Date().toISOString() });
    const key = keyOf(app);
    await timers.schedule('down', key, standIn.stepMs / 2, { key });
  }

  async function create(key: AppKey, domain: Domain, instanceType: string): Promise<StudioApp> {
    const existing = await findApp(standIn, key);
    if (existing && existing.status !== 'Deleted') {
      throw new AwsError('ResourceInUse', `App [${appArn(standIn, key)}] is ${existing.status}.`);
    }
    const minutes = idleMinutes(key.type, idleSettingsOf(domain), await ownIdleSettings(standIn, key));
    const app = newApp(key, minutes, instanceType);
    await putApp(standIn, app);
    await timers.schedule('up', keyOf(app), standIn.stepMs, { key: keyOf(app) });
    return app;
  }

  const openApp: Apps['openApp'] = (key, domain) =>
    withLock(keyOf(key), async () => {
      const app = await findApp(standIn, key);
      if (app?.status === 'Pending' || app?.status === 'InService') return touch(standIn, app);
      if (app?.status === 'Deleting') return app;
      return create(key, domain, domain.instanceType);
    });

  const touchApp: Apps['touchApp'] = (key) =>
    withLock(keyOf(key), async () => {
      const app = await findApp(standIn, key);
      return app && touch(standIn, app);
    });

  return {
    create: (key, domain, instanceType) => withLock(keyOf(key), () => create(key, domain, instanceType)),
    delete: (app) => withLock(keyOf(app), () => remove(app)),
    openApp,
    touchApp,
    openJupyterLab: (domain, profile) =>
      openApp(jupyterLab(domain.accountId, domain.domainId, profile), domain),
    touchJupyterLab: (domainId, accountId, profile) => touchApp(jupyterLab(accountId, domainId, profile)),
    async start() {
      await timers.start();
      for (const [key, { status }] of await standIn.state.list<StudioApp>(collection)) {
        const kind = status === 'Pending' ? 'up' : status === 'Deleting' ? 'down' : null;
        if (kind && !(await timers.has(kind, key))) await timers.schedule(kind, key, standIn.stepMs, { key });
      }
    },
  };
}

/** What the user profile or the space has set for itself. */
async function ownIdleSettings(standIn: StandIn, key: AppKey): Promise<AppIdleSettings> {
  const { accountId, domainId, profile, space } = key;
  const owner =
    profile === undefined
      ? await findSpace(standIn, accountId, domainId, space ?? '')
      : await findProfile(standIn, accountId, domainId, profile);
  return owner?.idle ?? {};
}

async function putApp({ state, services }: StandIn, app: StudioApp): Promise<void> {
  const { accountId, domainId, type, name, status, instanceType } = app;
  await state.put(collection, keyOf(app), app);
  const instances = status === 'InService' ? [{ type: instanceType, count: 1 }] : [];
  await services.usage.set(accountId, `app/${domainId}/${ownerOf(app)}/${type}/${name}`, instances);
}

function newApp(key: AppKey, idleTimeoutMinutes: number | null, instanceType: string): StudioApp {
  const now = new Date().toISOString();
  return { ...key, status: 'Pending', instanceType, idleTimeoutMinutes, createdAt: now, activeAt: now };
}

/** Records activity, at most every `activityGrainMs`. */
async function touch(standIn: StandIn, app: StudioApp): Promise<StudioApp> {
  if (app.status !== 'InService' || Date.now() - Date.parse(app.activeAt) < activityGrainMs) return app;
  const active = { ...app, activeAt: new Date().toISOString() };
  await putApp(standIn, active);
  return active;
}
