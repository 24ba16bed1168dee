import { describe, expect, it } from 'vitest';
import { appOf } from '../testing/running-world';
import { lastEnded, whyUp } from './idle';
import type { EndedApp, IdleSettings } from './ports';

const now = new Date('2026-03-01T12:00:00Z');
const at = (time: string) => new Date(`2026-03-01T${time}:00Z`);
const none: IdleSettings = { JupyterLab: null, CodeEditor: null };
const enabled = (minutes: number | null): IdleSettings => ({
  ...none,
  JupyterLab: { state: 'enabled', minutes },
});
const off: IdleSettings = { ...none, JupyterLab: { state: 'disabled', minutes: null } };
const domain = (settings: IdleSettings, changedAt: Date | null = null) => ({ settings, changedAt });
const app = appOf('ada', { since: at('09:00'), activeAt: at('11:30') });

describe('why an app is up', () => {
  it.each([
    [
      'its type is not covered',
      { ...app, type: 'KernelGateway' },
      domain(enabled(60)),
      null,
      { kind: 'not covered' },
    ],
    ['nothing is set, which is not “enabled, 0”', app, domain(none), null, { kind: 'not set' }],
    ['it is off in the domain', app, domain(off), null, { kind: 'disabled', by: 'domain' }],
    ['its owner turned it off', app, domain(enabled(60)), off, { kind: 'disabled', by: 'owner' }],
    ['it was used', app, domain(enabled(60)), none, { kind: 'in use', until: at('12:30'), by: 'domain' }],
    [
      'its owner allows more',
      app,
      domain(off),
      enabled(120),
      { kind: 'in use', until: at('13:30'), by: 'owner' },
    ],
    [
      'it was started before the settings changed',
      app,
      domain(enabled(60), at('10:00')),
      null,
      { kind: 'started before', changedAt: at('10:00') },
    ],
    ['nobody knows', { ...app, activeAt: null }, domain(enabled(60)), null, { kind: 'unknown' }],
    ['the time is AWS’s own', app, domain(enabled(null)), null, { kind: 'unknown' }],
    [
      'its time is over',
      { ...app, activeAt: at('10:00') },
      domain(enabled(60)),
      null,
      { kind: 'overdue', since: at('11:00') },
    ],
  ] as const)('%s', (_, given, ofDomain, own, why) => {
    expect(whyUp(given, ofDomain, own, now)).toMatchObject(why);
  });
});

describe('what ended last', () => {
  const ended = (name: string, activeAt: Date | null, endedAt: Date | null): EndedApp => ({
    domainId: 'd-1',
    owner: { kind: 'profile', name },
    type: 'JupyterLab',
    name: 'default',
    activeAt,
    endedAt,
  });

  it('was idle shutdown if the app had been idle for its time', () => {
    const apps = [ended('ada', at('09:00'), at('10:01')), ended('eve', at('10:30'), at('10:40'))];
    expect(lastEnded(apps, domain(enabled(60)))).toMatchObject({
      app: { owner: { name: 'ada' } },
      by: 'idle shutdown',
    });
  });

  it('is said to be unknown where AWS does not tell, or nothing is set', () => {
    const stopped = [ended('ada', at('10:00'), at('10:00')), ended('eve', null, at('09:00'))];
    expect(lastEnded(stopped, domain(enabled(60)))).toMatchObject({
      app: { owner: { name: 'ada' } },
      by: 'unknown',
    });
    expect(lastEnded([ended('ada', at('09:00'), at('10:01'))], domain(none))).toMatchObject({
      by: 'unknown',
    });
    expect(lastEnded([], domain(enabled(60)))).toBeNull();
  });
});
