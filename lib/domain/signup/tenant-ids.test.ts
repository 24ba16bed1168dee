import { expect, it } from 'vitest';
import { tenantIdsFor } from './tenant-ids';

it.each([
  ['Foo', 'foo'],
  ['  Foo & Söhne, Inc. ', 'foo-sohne-inc'],
  ['Œuvre — Ålesund', 'uvre-alesund'],
  ['A'.repeat(150), 'a'.repeat(34)],
  [`${'ab '.repeat(30)}`, `${'ab-'.repeat(11)}a`],
])('makes of %s the id %s, and others', (name, id) => {
  expect(tenantIdsFor(name, () => 0.5).slice(0, 2)).toEqual([id, `${id}-i0000`]);
});

it('makes an id of a name without a letter that an id may have', () => {
  expect(tenantIdsFor('株式会社', () => 0)).toEqual(Array.from({ length: 5 }, () => 'tenant-00000'));
  expect(tenantIdsFor('X', () => 0)[0]).toBe('x-00000');
});

it('makes ids that the database takes', () => {
  for (const name of ['Foo', '-', 'a'.repeat(200), `${'x'.repeat(33)} y`, '１２３']) {
    for (const id of tenantIdsFor(name, Math.random)) {
      expect(id).toMatch(/^[a-z0-9](-?[a-z0-9])+$/);
      expect(id.length).toBeLessThanOrEqual(40);
    }
  }
});
