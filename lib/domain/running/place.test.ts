import { describe, expect, it } from 'vitest';
import { appOf } from '../testing/running-world';
import type { StudioSpaces } from '../workbench/verbs/list-spaces';
import { placeOf } from './place';

const studio: StudioSpaces = {
  domainId: 'd-1',
  profile: 'ada-1',
  spaces: [{ name: 'notes', app: 'JupyterLab', own: true }],
};
const inSpace = (name: string) => ({ owner: { kind: 'space', name } }) as const;

describe('placeOf', () => {
  it.each([
    ['an app in a space that is open', appOf('', inSpace('notes')), { space: 'notes' }],
    ['one’s own app', appOf('ada-1', { type: 'CodeEditor' }), { app: 'CodeEditor' }],
    ['an app of somebody else', appOf('grace-1'), null],
    ['a space that is not open', appOf('', inSpace('hers')), null],
    ['a space named like one’s own profile', appOf('', inSpace('ada-1')), null],
    ['an app of another type than its space', appOf('', { ...inSpace('notes'), type: 'CodeEditor' }), null],
    ['an app that Annex opens none of', appOf('ada-1', { type: 'Canvas' }), null],
    ['an app of another domain', appOf('ada-1', { domainId: 'd-2' }), null],
    ['an app on its way out', appOf('', { ...inSpace('notes'), status: 'Deleting' }), null],
  ])('of %s', (_what, app, place) => {
    expect(placeOf(app, studio)).toEqual(place);
  });
});
