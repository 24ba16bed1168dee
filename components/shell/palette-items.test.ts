import { expect, it } from 'vitest';
import { matchingGroups } from './palette-items';

const groups = [
  {
    title: 'Pages',
    items: [
      { href: '/extracts', label: 'Extracts' },
      { href: '/customers', label: 'Customers' },
    ],
  },
  {
    title: 'Actions',
    items: [
      { href: '/customers', label: 'Score all customers now' },
      { href: '/extracts/new', label: 'New extract' },
    ],
  },
  { title: 'Extracts', items: [{ href: '/extracts/01ABC', label: 'Orders', hint: 'Done' }] },
];
const found = (query: string) =>
  matchingGroups(groups, query).map(({ title, items }) => [title, ...items.map(({ label }) => label)]);

it('shows everything before anything is typed', () => {
  expect(matchingGroups(groups, '  ')).toEqual(groups);
});

it('finds every word, in any order and case, and leaves out groups without a match', () => {
  expect(found('NOW score')).toEqual([['Actions', 'Score all customers now']]);
  expect(found('now workbench')).toEqual([]);
});

it('finds an extract by its id', () => {
  expect(found('01abc')).toEqual([['Extracts', 'Orders']]);
});

it('puts what begins with the query before what only contains it', () => {
  const orders = [
    { title: 'Extracts', items: ['Reorders', 'All orders', 'Orders'].map((label) => ({ href: '/', label })) },
  ];
  expect(matchingGroups(orders, 'orders')[0]?.items.map(({ label }) => label)).toEqual([
    'Orders',
    'All orders',
    'Reorders',
  ]);
});
