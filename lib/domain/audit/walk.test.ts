import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { permissions } from '@/lib/domain/authorize';
import { walkVerbs } from '@/lib/domain/testing/reach';
import * as everyWay from '@/lib/domain/testing/reach-fixture';
import { auditedNames } from './actions';

const root = join(import.meta.dirname, '../../..');
const filesOf = (folder: string, which: RegExp): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => which.test(file))
    .map((file) => join(root, folder, file))
    .sort();
const verbFiles = filesOf('lib/domain', /^\w+\/verbs\/(?!.*\.test\.)[\w.-]+\.ts$/);
const fixture = join(import.meta.dirname, '../testing/reach-fixture.ts');
const all = walkVerbs([...verbFiles, fixture]);
const isOfFixture = ({ file }: { readonly file: string }) => file.endsWith('reach-fixture.ts');
const verbs = all.filter((verb) => !isOfFixture(verb));

it('every file of a verb has one that is found', () => {
  const found = new Set(verbs.map(({ file }) => join(root, file)));
  expect(verbFiles.filter((file) => !found.has(file))).toEqual([]);
  expect(verbs.length).toBeGreaterThan(50);
  expect(verbs.filter(({ changes }) => changes.length > 0).length).toBeGreaterThan(15);
});

it.each(verbs)('$name, if it changes something, records $action', ({ action, changes, audited }) => {
  expect(Object.keys(permissions)).toContain(action);
  if (changes.length > 0) expect(audited, `it comes to ${changes.join(', ')}`).toContain(action);
});

it('whatever is recorded has words, and nothing has words that is never recorded', () => {
  const around = [
    'session.signed-in',
    'session.signed-out',
    'session.ended',
    'access.refused',
    'csv.exported',
  ];
  const recorded = new Set([...around, ...verbs.flatMap(({ audited }) => audited)]);
  expect([...recorded].sort()).toEqual([...auditedNames].sort());
});

it('pages, routes and actions reach ports through verbs alone', () => {
  const files = filesOf('app', /(?<!\.test)\.tsx?$/);
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => /\.ports\b|\bports\s*[,}]/.test(readFileSync(file, 'utf8')))).toEqual([]);
});

it('finds what a verb changes, however it comes to it', () => {
  const found = all.filter(isOfFixture).map(({ name, changes, audited }) => [name, changes, audited]);
  expect(found).toEqual([
    ['openly', ['models.activate'], []],
    ['byAnotherName', ['scoring.change'], []],
    ['takenOut', ['extracts.store.remove'], []],
    ['asAValue', ['workbenches.update'], []],
    ['byAString', ['scoringRuns.supersede'], []],
    ['throughHelpers', ['extracts.store.create'], ['extracts.submit']],
    ['inAnObject', ['endpoints.deployAgain'], []],
    ['onlyReading', [], []],
  ]);
  expect(found.map(([name]) => name).sort()).toEqual(Object.keys(everyWay).sort());
});
