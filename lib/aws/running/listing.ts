import { type AppDetails, ListAppsCommand, type SageMakerClient } from '@aws-sdk/client-sagemaker';
import type { AppKey, RunningList } from '@/lib/domain/running/ports';
import { aws, isMissing } from '../core/errors';

/** SageMaker lists apps for a day after they were deleted, so more pages are read than apps are told. */
const mostPages = 10;
/** As many as SageMaker gives at a time. */
export const pageSize = 100;
/** SageMaker throttles calls that describe: as many at a time are enough for a page. */
const atOnce = 5;

type PageOf<T> = (
  token: string | undefined,
) => Promise<{ readonly found: readonly T[]; readonly next: string | undefined }>;

/** Pages of the account's apps, latest created first. */
export const appPages =
  (sagemaker: SageMakerClient): PageOf<AppDetails> =>
  (NextToken) =>
    aws('listing the apps of your account', async () => {
      const { Apps = [], NextToken: next } = await sagemaker.send(
        new ListAppsCommand({
          MaxResults: pageSize,
          SortBy: 'CreationTime',
          SortOrder: 'Descending',
          NextToken,
        }),
      );
      return { found: Apps, next };
    });

/** The first `most` that are `wanted`, of at most ten pages. */
export async function listed<T>(
  page: PageOf<T>,
  wanted: (one: T) => boolean,
  most: number,
): Promise<RunningList<T>> {
  const items: T[] = [];
  let token: string | undefined;
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { found, next } = await page(token);
    items.push(...found.filter(wanted));
    if (items.length > most) return { items: items.slice(0, most), more: true };
    if (next === undefined) return { items, more: false };
    token = next;
  }
  return { items, more: true };
}

/** What `read` tells of each, a few at a time, without those that are gone meanwhile. */
export async function present<T, D>(
  items: readonly T[],
  read: (one: T) => Promise<D | null>,
): Promise<readonly D[]> {
  const described = new Array<D | null>(items.length).fill(null);
  const rest = [...items.entries()];
  const work = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) described[next[0]] = await read(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return described.filter((one) => one !== null);
}

/** The names of an app. */
export const keyOf = (app: AppDetails): AppKey => ({
  domainId: app.DomainId ?? '',
  owner:
    app.SpaceName === undefined
      ? { kind: 'profile', name: app.UserProfileName ?? '' }
      : { kind: 'space', name: app.SpaceName },
  type: app.AppType ?? '',
  name: app.AppName ?? '',
});

/** The form of a key that SageMaker takes. The type is the account's own word: SageMaker refuses one that it does not know. */
export const appInput = ({ domainId, owner, type, name }: AppKey) => ({
  DomainId: domainId,
  ...(owner.kind === 'space' ? { SpaceName: owner.name } : { UserProfileName: owner.name }),
  AppType: type as AppDetails['AppType'],
  AppName: name,
});

/** What `run` gives; null: what it is about is not there. */
export async function orMissing<T>(doing: string, run: () => Promise<T>): Promise<T | null> {
  try {
    return await aws(doing, run);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
