'use client';

import { SubmittingSelect } from './submitting-select';

/** Chooses the order of a list, in its GET form. `orders` are pairs of a value and its words. */
export function OrderSelect({
  orders,
  value,
}: {
  readonly orders: readonly (readonly [order: string, words: string])[];
  readonly value: string;
}) {
  return (
    <label htmlFor="order" className="grow basis-44 text-xs text-muted sm:grow-0">
      Order
      <SubmittingSelect name="order" value={value}>
        {orders.map(([order, words]) => (
          <option key={order} value={order}>
            {words}
          </option>
        ))}
      </SubmittingSelect>
    </label>
  );
}
