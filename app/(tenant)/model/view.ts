import { endpointName } from '@/lib/domain/models/schemas';
import { type AddressParams, withParams } from '../../_components/address';

/** The parts of the page, each at an address of its own. */
export const modelTabs = ['in-use', 'test', 'versions', 'interface'] as const;
export type ModelTab = (typeof modelTabs)[number];

/** The page's URL parameters. */
export interface ModelView {
  readonly tab: ModelTab;
  /** Test: the endpoint whose report is shown. */
  readonly endpoint?: string | undefined;
  /** Test: cursor, the last endpoint of the previous page. */
  readonly after?: string | undefined;
  /** Versions: those below this one. */
  readonly before?: number | undefined;
  /** In use: what was just activated, a version or the built-in model. Confirmed as long as it is still in use. */
  readonly activated?: number | 'default' | undefined;
}

/** Reads the URL; ignores invalid values. */
export function readModelView(params: AddressParams): ModelView {
  const text = (name: string): string | undefined => {
    const value = params[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const name = endpointName.safeParse(text('endpoint'));
  const version = (param: string): number | undefined =>
    /^[1-9]\d{0,8}$/.test(text(param) ?? '') ? Number(text(param)) : undefined;
  const after = text('after');
  return {
    tab: modelTabs.find((tab) => tab === text('tab')) ?? standardTab,
    endpoint: name.success ? name.data : undefined,
    after: after && after.length <= 8192 ? after : undefined,
    before: version('before'),
    activated: text('activated') === 'default' ? 'default' : version('activated'),
  };
}

/** What `/model` shows: the way to a model of one's own. */
const standardTab = 'test';

/** The page's URL for `view`, at the section `anchor`. */
export function modelHref({ tab, ...rest }: ModelView, anchor?: string): string {
  const query = new URLSearchParams(tab === standardTab ? {} : { tab });
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) query.set(name, String(value));
  return `${withParams('/model', query)}${anchor ? `#${anchor}` : ''}`;
}
