import { minuteMs } from '../time';
import {
  type EndedApp,
  type IdleAppType,
  type IdleSetting,
  type IdleSettings,
  idleAppTypes,
  type RunningApp,
} from './ports';

/** Why an app is still up although nobody may be using it. `by`: where that is set. */
export type WhyUp =
  /** Idle shutdown does not know apps of this type. */
  | { readonly kind: 'not covered' }
  | { readonly kind: 'not set' }
  | { readonly kind: 'disabled'; readonly by: 'domain' | 'owner' }
  /** It keeps the settings that it was started with. */
  | { readonly kind: 'started before'; readonly changedAt: Date }
  /** SageMaker stops it at `until`, unless somebody uses it. */
  | {
      readonly kind: 'in use';
      readonly activeAt: Date;
      readonly until: Date;
      readonly minutes: number;
      readonly by: 'domain' | 'owner';
    }
  /** Its time was over at `since`: something in it still runs, or its image is too old for idle shutdown. */
  | { readonly kind: 'overdue'; readonly since: Date }
  /** AWS does not tell when it was last used, or for how long it may be idle. */
  | { readonly kind: 'unknown' };

/** What holds for the apps of a domain. */
export interface DomainIdle {
  readonly settings: IdleSettings;
  readonly changedAt: Date | null;
}

const coveredType = (type: string): IdleAppType | undefined => idleAppTypes.find((each) => each === type);

/** Why `app` is up at `now`. `own`: what its user profile or its space has set for itself. */
export function whyUp(app: RunningApp, domain: DomainIdle, own: IdleSettings | null, now: Date): WhyUp {
  const type = coveredType(app.type);
  if (type === undefined) return { kind: 'not covered' };
  const ofOwner = own?.[type] ?? null;
  const setting = ofOwner ?? domain.settings[type];
  const by = ofOwner ? 'owner' : 'domain';
  if (by === 'domain' && domain.changedAt && app.since && domain.changedAt > app.since) {
    return { kind: 'started before', changedAt: domain.changedAt };
  }
  if (setting === null) return { kind: 'not set' };
  if (setting.state === 'disabled') return { kind: 'disabled', by };
  if (app.activeAt === null || setting.minutes === null) return { kind: 'unknown' };
  const until = new Date(app.activeAt.getTime() + setting.minutes * minuteMs);
  return until > now
    ? { kind: 'in use', activeAt: app.activeAt, until, minutes: setting.minutes, by }
    : { kind: 'overdue', since: until };
}

/** Signs of life are some minutes apart. */
const toleranceMs = 10 * minuteMs;

/**
 * The app that ended last, and whether idle shutdown ended it: it had been idle for as long as it may be when AWS last saw it alive.
 * `unknown`: AWS does not tell, so somebody may have stopped it. Null: none ended within a day.
 */
export function lastEnded(
  ended: readonly EndedApp[],
  { settings }: DomainIdle,
): { readonly app: EndedApp; readonly by: 'idle shutdown' | 'unknown' } | null {
  const time = ({ endedAt }: EndedApp) => endedAt?.getTime() ?? 0;
  const sorted = ended.toSorted((a, b) => time(b) - time(a));
  const stopped = sorted.find((app) => wasIdle(app, settings));
  if (stopped) return { app: stopped, by: 'idle shutdown' };
  const [app] = sorted;
  return app ? { app, by: 'unknown' } : null;
}

function wasIdle({ type, endedAt, activeAt }: EndedApp, settings: IdleSettings): boolean {
  const covered = coveredType(type);
  const setting: IdleSetting | null = covered === undefined ? null : settings[covered];
  if (setting?.state !== 'enabled' || setting.minutes === null || !endedAt || !activeAt) return false;
  return endedAt.getTime() - activeAt.getTime() >= setting.minutes * minuteMs - toleranceMs;
}
