import { AnnexError } from '@/lib/errors';
import { type StudioApp, type StudioSpace, studioApps } from './ports';

/** A space that a person may open. */
export interface OpenSpace {
  /** From the account: untrusted text. */
  readonly name: string;
  readonly app: StudioApp;
  /** It is the person's own, not one that somebody shares. */
  readonly own: boolean;
}

/** The app that Annex opens in that space; null: it is for another one. */
const appOf = ({ app }: StudioSpace): StudioApp | null => studioApps.find((each) => each === app) ?? null;

const isOpenTo = ({ isPrivate, owner }: StudioSpace, profile: string): boolean =>
  !isPrivate || owner === profile;

/** Those of `spaces` that the person with that user profile may open now, in their order. */
export const openTo = (spaces: readonly StudioSpace[], profile: string): readonly OpenSpace[] =>
  spaces.flatMap((space) => {
    const app = appOf(space);
    if (app === null || space.status !== 'InService' || !isOpenTo(space, profile)) return [];
    return [{ name: space.name, app, own: space.owner === profile }];
  });

/** The app to open in `space`. Throws `invalid` if it is private to somebody else, `conflict` if it can't be opened now. */
export function openableApp(space: StudioSpace, profile: string): StudioApp {
  if (!isOpenTo(space, profile)) {
    const message = `The space ${space.name} is private to somebody else. Only its owner can open it.`;
    throw new AnnexError('invalid', message, { fields: { space: message } });
  }
  const app = appOf(space);
  if (app === null) {
    throw new AnnexError(
      'conflict',
      `The space ${space.name} is neither for JupyterLab nor for Code Editor. Launch Studio, and open it there.`,
    );
  }
  if (space.status !== 'InService') throw new AnnexError('conflict', notUpWords(space));
  return app;
}

function notUpWords({ name, status }: StudioSpace): string {
  switch (status) {
    case 'Pending':
    case 'Updating':
      return `AWS is still preparing the space ${name}. Open it again in a minute.`;
    case 'Deleting':
      return `The space ${name} is being deleted. Open another one, or launch Studio.`;
    default:
      return `AWS says that the space ${name} is ${status}. Launch Studio to see why.`;
  }
}

/** Why a space that AWS does not know can't be opened. */
export const goneWords = (name: string): string =>
  `The space ${name} no longer exists. Open another one, or launch Studio.`;
