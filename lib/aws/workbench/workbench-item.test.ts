import { expect, it } from 'vitest';
import { newRequest } from '@/lib/domain/workbench/steps';
import { itemOf, requestOf } from './workbench-item';

const request = newRequest(
  {
    requestId: 'r-1',
    variant: { id: 'prod-1', artifactId: 'pa-1', name: 'One' },
    parameters: {},
    requestedBy: { id: 'sub-1', name: 'ada@foo.example' },
  },
  new Date('2026-03-01T10:00:00Z'),
);

it('a stored request is read as it was written', () => {
  expect(requestOf(itemOf(request))).toEqual(request);
});

it('one from before the id of who asked was kept has the name, and an id that says so', () => {
  const older = requestOf({ ...itemOf(request), requestedBy: 'ada@foo.example' });
  expect(older.requestedBy).toEqual({ id: 'unknown', name: 'ada@foo.example' });
  expect(requestOf(itemOf(older))).toEqual(older);
});
