import { expect, it } from 'vitest';
import { parameterField, readRequest } from './request-fields';

const formOf = (fields: Readonly<Record<string, string>>): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};

it('reads the settings of the chosen variant alone', () => {
  const form = formOf({
    variantId: 'prod-a',
    [parameterField('prod-a', 'InstanceType')]: 'ml.t3.medium',
    [parameterField('prod-b', 'InstanceType')]: 'ml.g5.xlarge',
    $ACTION_ID: 'x',
  });
  expect(readRequest(form)).toEqual({ variantId: 'prod-a', parameters: { InstanceType: 'ml.t3.medium' } });
});

it('reads no settings when no variant is chosen', () => {
  expect(readRequest(formOf({ '.x': '1' }))).toEqual({ variantId: '', parameters: {} });
});
