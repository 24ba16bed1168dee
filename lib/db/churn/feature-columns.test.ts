import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { churnFeatures } from '@/lib/domain/churn/features';

const types: Readonly<Record<string, string>> = { Float: 'float', Int: 'int' };

/** Key, column and type of a model's fields that have no other place in it: those between the customer and the score. */
async function featuresOf(model: string) {
  const schema = await readFile('prisma/schema.prisma', 'utf8');
  const fields = new RegExp(`^model ${model} \\{\\n(.*?)^\\}`, 'ms').exec(schema)?.[1] ?? '';
  const listed = [...fields.matchAll(/^ {2}(\w+) +(\w+)\??(?: +@map\("(\w+)"\))?/gm)].map(
    ([, key = '', type = '', column = key]) => ({ key, name: column, type: types[type] }),
  );
  const [from, to] = ['customerId', 'probability'].map((end) => listed.findIndex(({ key }) => key === end));
  return listed.slice((from ?? 0) + 1, to);
}

it.each(['CustomerScore', 'ModelScore'])(
  '%s stores the features of the table, in its order',
  async (model) => {
    expect(await featuresOf(model)).toEqual(
      churnFeatures.map(({ key, name, type }) => ({ key, name, type })),
    );
  },
);
