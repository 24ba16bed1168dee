'use client';

import { TenthBar, TenthBars, TenthMark, TenthsTable, tenthName } from '@/components/data/tenths';
import { formatCount } from '@/components/format';
import { marginsOf } from './tenths';

/** Both distributions in steps of 0.1 of probability, one pair of bars per step. */
export function Distributions({ joint }: { readonly joint: readonly (readonly number[])[] }) {
  const margins = marginsOf(joint);
  const most = Math.max(1, ...margins.default, ...margins.model);
  return (
    <figure className="border border-line bg-plate px-4 pt-3 sm:px-6">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 className="text-sm">Customers by probability of no order in the next 90 days</h2>
        <span className="flex gap-5 text-xs text-muted" aria-hidden="true">
          <Key className="border border-edge bg-sunk">Built-in model</Key>
          <Key className="bg-data">Your model</Key>
        </span>
      </figcaption>
      <div className="mt-4 grid grid-cols-10" aria-hidden="true">
        {margins.default.map((ofDefault, index) => {
          const ofModel = margins.model[index] ?? 0;
          return (
            <div
              key={tenthName(index)}
              title={`${tenthName(index)}: built-in model ${formatCount(ofDefault)}, your model ${formatCount(ofModel)}`}
            >
              <TenthBars>
                <TenthBar share={ofDefault / most} x={2} width={8} className="fill-sunk stroke-edge" />
                <TenthBar share={ofModel / most} x={10} width={8} className="fill-data" />
              </TenthBars>
              <TenthMark index={index} />
            </div>
          );
        })}
      </div>
      <TenthsTable
        caption="Customers by churn probability in steps of 0.1, for the built-in model and your model"
        columns={[
          { name: 'Built-in model', counts: margins.default },
          { name: 'Your model', counts: margins.model },
        ]}
      />
    </figure>
  );
}

function Key({ className, children }: { readonly className: string; readonly children: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span className={`inline-block size-2.5 ${className}`} />
      {children}
    </span>
  );
}
