import { expect, test } from 'vitest';
import { requestUrl } from './request-url';

const origin = 'http://studio.localhost:4566';

test.each([
  ['/studio/d-a/?x=1', '/studio/d-a/'],
  ['//', '//'],
  ['///', '///'],
  ['//evil.example/studio/d-a/', '//evil.example/studio/d-a/'],
  ['/\\evil.example/', '//evil.example/'],
  ['/@evil.example/', '/@evil.example/'],
])('reads %s as a path', (url, pathname) => {
  expect(requestUrl({ url }, origin)).toMatchObject({ pathname, origin });
});

test.each(['http://[', '*', '', 'x'])('finds no address in %j', (url) => {
  expect(requestUrl({ url }, origin)).toBeNull();
});
