import { AnnexError } from '@/lib/errors';
import type { Role } from '../actor';
import type { AuditEvent } from '../audit/ports';
import type {
  BudgetNotice,
  Measurement,
  SpendBook,
  SpendDay,
  SpendStanding,
  TenantSpend,
} from '../budget/ports';
import type { ControlContext, TenantContext } from '../context';
import type { BillBook, BillLine, BillReader, BillStanding, MonthBill } from '../costs/ports';
import type { Mail } from '../mail/ports';
import { monthOf } from '../month';
import type { PeoplePage } from '../people/ports';
import type { WorkbenchRequest } from '../workbench/ports';
import { FakeRunning } from './running-world';
import { World } from './world';

const unmeasured: SpendStanding = {
  ...{ measuredUntil: null, runRate: null, unpriced: [], month: null, usd: 0 },
  ...{ failingSince: null, failure: null },
};

interface Reading {
  readonly id: string;
  readonly lines: BillLine[];
}

/** A tenant whose costs are billed and measured, in memory. */
export class CostsWorld extends World {
  readonly running = new FakeRunning();
  workbench: 'ready' | 'provisioning' = 'ready';
  spent: SpendStanding | null = unmeasured;
  readonly days = new Map<string, SpendDay>();
  readonly notices: (BudgetNotice & { mailed: boolean })[] = [];
  readonly mails: Mail[] = [];
  people: { readonly email: string; readonly roles: readonly Role[]; readonly disabledAt?: Date }[] = [
    { email: 'owner@foo.example', roles: ['owner'] },
    { email: 'ada@foo.example', roles: ['scientist'] },
  ];

  /** What AWS bills, a page each; a page that is an error is thrown. */
  pages: (readonly BillLine[] | AnnexError)[] = [];
  newestDay: string | null = '2026-03-01';
  /** Questions that AWS charges for. */
  asked = 0;
  bill: BillStanding & { nextAt: number; failures: number } = {
    ...{ readAt: null, asOf: null, failingSince: null, failure: null },
    ...{ nextAt: 0, failures: 0 },
  };
  begun: Reading | null = null;
  shown: Reading | null = null;
  due: string[] = ['foo'];

  as(role: Role): TenantContext {
    return this.tenantContext(role, {
      running: this.running,
      spend: this.spend,
      bill: { standing: async () => this.bill, of: async (month) => this.billOf(month) },
      workbenches: {
        live: async () => ({ state: this.workbench }) as WorkbenchRequest,
        get: async () => null,
        createLive: async () => Promise.reject(new AnnexError('internal', 'not here')),
        update: async () => Promise.reject(new AnnexError('internal', 'not here')),
      },
    });
  }

  asControl(role: Role): ControlContext {
    return this.controlContext(role, {
      bill: this.reader,
      billBook: this.book,
      spendBook: this.spendBook,
      mail: { send: async (mail) => void this.mails.push(mail) },
      peopleOfTenants: {
        list: async () =>
          ({
            people: this.people.map((each) => ({ disabledAt: null, ...each })),
            next: null,
          }) as unknown as PeoplePage,
      },
      signUp: { terms: { current: () => ({ portal: 'https://annex.example' }) } } as never,
    });
  }

  private readonly spend: TenantSpend = {
    standing: async () => this.spent,
    days: async () => [...this.days.values()],
    add: async (measurement) => this.measure(measurement),
    fail: async (failure, at) => {
      this.spent = { ...(this.spent ?? unmeasured), failure, failingSince: this.spent?.failingSince ?? at };
    },
    notices: async (month) => this.notices.filter((each) => each.month === month),
    reach: async (notice, event) => {
      if (this.notices.some(({ month, percent }) => month === notice.month && percent === notice.percent))
        return false;
      this.notices.push({ ...notice, mailed: false });
      this.recorded(event);
      return true;
    },
  };

  private measure({ since, until, runRate, unpriced, days }: Measurement): boolean {
    if (this.spent?.measuredUntil?.getTime() !== since?.getTime()) return false;
    for (const { day, usd, unseenSeconds } of days) {
      const before = this.days.get(day);
      this.days.set(day, {
        ...{ day, usd: usd + (before?.usd ?? 0) },
        unseenSeconds: unseenSeconds + (before?.unseenSeconds ?? 0),
      });
    }
    const month = monthOf(until);
    const usd = [...this.days.values()]
      .filter(({ day }) => day.startsWith(month.slice(0, 7)))
      .reduce((sum, day) => sum + day.usd, 0);
    this.spent = { ...unmeasured, measuredUntil: until, runRate, unpriced, month, usd };
    return true;
  }

  private readonly spendBook: SpendBook = {
    standing: async () => this.spent,
    claim: async () => this.due.splice(0),
    unmailed: async () =>
      this.notices
        .filter(({ mailed }) => !mailed)
        .map((each) => ({ ...each, tenantId: 'foo', tenantName: 'Foo' })),
    mailed: async ({ month, percent }, _at, event: AuditEvent) => {
      for (const each of this.notices)
        if (each.month === month && each.percent === percent) each.mailed = true;
      this.recorded(event);
    },
  };

  private readonly reader: BillReader = {
    page: async (_from, _until, cursor) => {
      this.asked += 1;
      const at = Number(cursor ?? 0);
      const page = this.pages[at] ?? [];
      if (page instanceof AnnexError) throw page;
      return { lines: page, next: at + 1 < this.pages.length ? String(at + 1) : undefined };
    },
    newestDay: async () => {
      this.asked += 1;
      return this.newestDay;
    },
  };

  private readonly book: BillBook = {
    standing: async () => this.bill,
    begin: async (now, nextAt) => {
      if (this.bill.nextAt > now.getTime()) return null;
      this.bill = { ...this.bill, nextAt: nextAt.getTime() };
      this.begun = { id: String(now.getTime()), lines: [] };
      return this.begun.id;
    },
    add: async (reading, lines) => {
      if (this.begun?.id === reading) this.begun.lines.push(...lines);
      return lines.length;
    },
    show: async (reading, { readAt, asOf, nextAt }) => {
      if (this.begun?.id !== reading) return false;
      this.shown = this.begun;
      this.bill = { readAt, asOf, nextAt: nextAt.getTime(), failures: 0, failingSince: null, failure: null };
      return true;
    },
    fail: async (_reading, { reason, at, nextAtAfter }) => {
      const failures = this.bill.failures + 1;
      this.bill = {
        ...this.bill,
        ...{ failures, failure: reason, failingSince: this.bill.failingSince ?? at },
        nextAt: nextAtAfter(failures).getTime(),
      };
    },
    list: async () => Promise.reject(new AnnexError('internal', 'not here')),
    of: async (_tenantId, months) => months.flatMap((month) => this.billOf(month) ?? []),
  };

  private billOf(month: string): MonthBill | null {
    const lines = this.shown?.lines.filter((line) => line.month === month) ?? [];
    if (lines.length === 0) return null;
    return {
      month,
      usd: lines.reduce((sum, { usd }) => sum + Number(usd), 0),
      estimated: lines.some(({ estimated }) => estimated),
      services: lines.map(({ service, usd }) => ({ service, usd: Number(usd) })),
    };
  }
}
