import { AwsError } from '@/local/aws/core/service';
import { optionalText, optionalWhole, structure } from '@/local/aws/wire/rpc-input';
import { neededChoice, validationError } from '../shared/input';

type Input = Record<string, unknown>;

/** The apps that SageMaker stops when they are idle. */
export const idleAppTypes = ['JupyterLab', 'CodeEditor'] as const;
export type IdleAppType = (typeof idleAppTypes)[number];

/** `AppLifecycleManagement.IdleSettings` as it was given. */
export interface IdleSettings {
  readonly LifecycleManagement: 'ENABLED' | 'DISABLED';
  readonly IdleTimeoutInMinutes?: number;
  readonly MinIdleTimeoutInMinutes?: number;
  readonly MaxIdleTimeoutInMinutes?: number;
}

/** What a domain or a user profile has set about apps of that type. */
export type AppIdleSettings = Partial<Readonly<Record<IdleAppType, IdleSettings>>>;

/** What SageMaker takes where no time is given: seven days. */
const standardMinutes = 10_080;

const times = ['IdleTimeoutInMinutes', 'MinIdleTimeoutInMinutes', 'MaxIdleTimeoutInMinutes'] as const;

/** What `settings`, a UserSettings, says about idle shutdown; what it leaves out is missing. Throws ValidationException. */
export function idleSettingsOfInput(settings: Input): AppIdleSettings {
  return Object.fromEntries(
    idleAppTypes.flatMap((type) => {
      const given = structure(
        structure(structure(settings, `${type}AppSettings`), 'AppLifecycleManagement'),
        'IdleSettings',
      );
      return Object.keys(given).length === 0 ? [] : [[type, oneOf(given)]];
    }),
  );
}

/** As `idleSettingsOfInput`, of a SpaceSettings, which has minutes alone. */
export const spaceIdleSettingsOfInput = (settings: Input): AppIdleSettings =>
  Object.fromEntries(
    idleAppTypes.flatMap((type) => {
      const management = structure(structure(settings, `${type}AppSettings`), 'AppLifecycleManagement');
      const given = structure(management, 'IdleSettings');
      if (given.IdleTimeoutInMinutes === undefined) return [];
      return [[type, oneOf({ LifecycleManagement: 'ENABLED', ...given })]];
    }),
  );

function oneOf(given: Input): IdleSettings {
  const LifecycleManagement = neededChoice(given, 'LifecycleManagement', ['ENABLED', 'DISABLED']);
  const minutes = Object.fromEntries(
    times.flatMap((name) => {
      const value = optionalWhole(given, name);
      if (value === undefined) return [];
      if (value < 60 || value > 525_600) {
        throw validationError(name, String(value), 'Member must have value between 60 and 525600');
      }
      return [[name, value]];
    }),
  );
  const settings: IdleSettings = { LifecycleManagement, ...minutes };
  const {
    IdleTimeoutInMinutes: time,
    MinIdleTimeoutInMinutes: least,
    MaxIdleTimeoutInMinutes: most,
  } = settings;
  if (time !== undefined && (time < (least ?? 0) || time > (most ?? time))) {
    throw new AwsError(
      'ValidationException',
      'IdleTimeoutInMinutes must be between MinIdleTimeoutInMinutes and MaxIdleTimeoutInMinutes.',
    );
  }
  return settings;
}

/** The settings of each type as a UserSettings has them, with what else it says of that type. */
export const idleSettingsDetail = (
  settings: AppIdleSettings,
  more: Partial<Readonly<Record<IdleAppType, object>>> = {},
): object =>
  Object.fromEntries(
    idleAppTypes.flatMap((type) => {
      const IdleSettings = settings[type];
      if (!IdleSettings && !more[type]) return [];
      const management = IdleSettings ? { AppLifecycleManagement: { IdleSettings } } : {};
      return [[`${type}AppSettings`, { ...more[type], ...management }]];
    }),
  );

/** Minutes without activity after which an app stops; null: never. The profile's own settings go before the domain's. */
export function idleMinutes(type: IdleAppType, domain: AppIdleSettings, own: AppIdleSettings): number | null {
  const setting = own[type] ?? domain[type];
  if (setting?.LifecycleManagement !== 'ENABLED') return null;
  return setting.IdleTimeoutInMinutes ?? standardMinutes;
}

/** The instance type that a UserSettings has for apps of that type. */
export const instanceTypeOfInput = (settings: Input, type: IdleAppType): string | undefined =>
  optionalText(structure(structure(settings, `${type}AppSettings`), 'DefaultResourceSpec'), 'InstanceType');
