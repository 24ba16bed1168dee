import { studioApps } from '../workbench/ports';
import type { StudioPlace } from '../workbench/schemas';
import type { StudioSpaces } from '../workbench/verbs/list-spaces';
import { isStopping } from './cost';
import type { RunningApp } from './ports';

/** Where to launch Studio to land at `app`; null: the person of `studio` may not open it, or Annex opens no app of its type. */
export function placeOf(app: RunningApp, studio: StudioSpaces): StudioPlace | null {
  const type = studioApps.find((each) => each === app.type);
  if (type === undefined || isStopping(app) || app.domainId !== studio.domainId) return null;
  const { kind, name } = app.owner;
  if (kind === 'profile') return name === studio.profile ? { app: type } : null;
  const space = studio.spaces.find((one) => one.name === name);
  return space?.app === type ? { space: name } : null;
}
