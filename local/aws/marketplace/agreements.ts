import { randomBytes } from 'node:crypto';
import { createKeyedMutex } from '../core/keyed-mutex';
import { AwsError, type StandIn } from '../core/service';
import { type EndStatus, type Event, eventsOf, type Intent, planned, type Step } from './events';
import { knownProduct, type Product, productsOf } from './products';

/** What a buyer agreed to with a product's seller. */
export interface Agreement {
  readonly id: string;
  readonly productId: string;
  readonly productCode: string;
  /** The buyer's account. */
  readonly accountId: string;
  readonly offerId: string;
  /** Null for a product from before licences. */
  readonly licenseArn: string | null;
  /** Only for such a product; else empty, as AWS answers. */
  readonly customerIdentifier: string;
  readonly intent: Intent;
  readonly status: 'ACTIVE' | EndStatus;
  readonly startedAt: string;
  /** When it ends by itself; null: never. */
  readonly endsAt: string | null;
  /** When it was ended; null while nobody did. */
  readonly endedAt: string | null;
  /** Quantities that a contract gives, by dimension. */
  readonly entitlements: Readonly<Record<string, number>>;
  /** Events that are still to be delivered. */
  readonly outbox: readonly Event[];
}

/** Usage is taken for an hour after an agreement's end. */
export const graceMs = 3600_000;
const yearMs = 365 * 24 * 3600_000;
/** AWS Marketplace's account that licences are issued in. */
const issuer = '294406891311';
const collection = 'marketplace.agreements';

/** The moment at which it ended or ends, ms since the epoch; null: never. */
export function endOf({ endedAt, endsAt }: Agreement): number | null {
  const ends = [endedAt, endsAt].flatMap((iso) => (iso === null ? [] : [Date.parse(iso)]));
  return ends.length === 0 ? null : Math.min(...ends);
}

/** Whether it holds at `now`, ms since the epoch. */
export function isActive(agreement: Agreement, now: number): boolean {
  const end = endOf(agreement);
  return end === null || now < end;
}

/** Agreements between buyers and the portal's account, and the events that tell of them. */
export class Agreements {
  private readonly withLock = createKeyedMutex();

  constructor(
    private readonly standIn: StandIn,
    private readonly now: () => number,
  ) {}

  /** Every agreement, the oldest first. */
  async all(): Promise<readonly Agreement[]> {
    const all = (await this.standIn.state.list<Agreement>(collection)).map(([, agreement]) => agreement);
    return all.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  }

  find(id: string): Promise<Agreement | undefined> {
    return this.standIn.state.get<Agreement>(collection, id);
  }

  /** The one that holds; `undefined` when the account has none of the product. */
  async active(accountId: string, productId: string): Promise<Agreement | undefined> {
    const now = this.now();
    return (await this.all()).find(
      (each) => each.accountId === accountId && each.productId === productId && isActive(each, now),
    );
  }

  /** Accepts the product's offer. Throws ConflictException while an agreement of the account on it holds. */
  subscribe(
    product: Product,
    accountId: string,
    asked: Readonly<Record<string, number>> = {},
  ): Promise<Agreement> {
    return this.withLock('agreements', async () => {
      if (await this.active(accountId, product.id)) {
        throw new AwsError(
          'ConflictException',
          `Account ${accountId} has subscribed to ${product.title}.`,
          409,
        );
      }
      const made = this.made(product, accountId, 'NEW', entitlementsOf(product, asked));
      return this.put(product, made, ['created', 'license-updated']);
    });
  }

  /** Changes what a contract gives. Throws ConflictException for an agreement that has ended, ValidationException for usage alone. */
  amend(id: string, asked: Readonly<Record<string, number>>): Promise<Agreement> {
    return this.withLock('agreements', async () => {
      const { agreement, product } = await this.open(id);
      const entitlements = entitlementsOf(product, { ...agreement.entitlements, ...asked });
      if (Object.keys(entitlements).length === 0) {
        throw new AwsError('ValidationException', `${product.title} has no contract to amend.`);
      }
      return this.put(product, { ...agreement, entitlements }, ['amended', 'license-updated']);
    });
  }

  /** Ends it. Throws ConflictException when it has ended. */
  end(id: string, status: EndStatus = 'CANCELLED'): Promise<Agreement> {
    return this.withLock('agreements', async () => {
      const { agreement, product } = await this.open(id);
      return this.put(product, this.ended(agreement, status), ['ended', 'license-deprovisioned']);
    });
  }

  /** Puts another agreement on the same product, with a licence of its own, in its place. */
  succeed(id: string, intent: Exclude<Intent, 'NEW'>): Promise<Agreement> {
    return this.withLock('agreements', async () => {
      const { agreement, product } = await this.open(id);
      const status = intent === 'RENEW' ? 'RENEWED' : 'REPLACED';
      await this.put(product, this.ended(agreement, status), ['ended', 'license-deprovisioned']);
      const made = this.made(product, agreement.accountId, intent, agreement.entitlements);
      return this.put(product, made, ['created', 'license-updated']);
    });
  }

  /** Takes up events that a stop kept back. */
  async start(): Promise<void> {
    for (const { id, outbox } of await this.all()) if (outbox.length > 0) this.deliverLater(id, outbox);
  }

  private async open(id: string): Promise<{ agreement: Agreement; product: Product }> {
    const agreement = await this.find(id);
    if (!agreement) throw new AwsError('ResourceNotFoundException', `There is no agreement ${id}.`, 404);
    if (!isActive(agreement, this.now())) {
      throw new AwsError('ConflictException', `The agreement ${id} has ended.`, 409);
    }
    return { agreement, product: await knownProduct(this.standIn, agreement.productId) };
  }

  private made(
    product: Product,
    accountId: string,
    intent: Intent,
    entitlements: Agreement['entitlements'],
  ): Agreement {
    const contract = Object.keys(entitlements).length > 0;
    return {
      id: `agmt-${token(13)}`,
      productId: product.id,
      productCode: product.code,
      accountId,
      offerId: `offer-${token(13)}`,
      licenseArn: product.legacy ? null : `arn:aws:license-manager::${issuer}:license:l-${token(32)}`,
      customerIdentifier: product.legacy ? token(11) : '',
      intent,
      status: 'ACTIVE',
      startedAt: this.iso(),
      endsAt: contract ? new Date(this.now() + yearMs).toISOString() : null,
      endedAt: null,
      entitlements,
      outbox: [],
    };
  }

  private ended(agreement: Agreement, status: EndStatus): Agreement {
    return { ...agreement, status, endedAt: this.iso() };
  }

  private iso(): string {
    return new Date(this.now()).toISOString();
  }

  /** Stores it together with what is to be told of it. */
  private async put(product: Product, agreement: Agreement, steps: readonly Step[]): Promise<Agreement> {
    const told = planned(this.standIn, agreement, eventsOf(this.standIn, product, agreement, steps));
    const kept = { ...agreement, outbox: [...agreement.outbox, ...told] };
    await this.standIn.state.put(collection, kept.id, kept);
    this.deliverLater(kept.id, told);
    return kept;
  }

  private deliverLater(id: string, events: readonly Event[]): void {
    for (const { dueAt } of events) {
      this.standIn.later(Math.max(0, dueAt - Date.now()), () => this.deliver(id, dueAt));
    }
  }

  /** What is due, in its order. An event is delivered again if the stand-in stops before that is on disk, as SQS may do. */
  private deliver(id: string, dueAt: number): Promise<void> {
    return this.withLock('agreements', async () => {
      const agreement = await this.find(id);
      if (!agreement) return;
      // A timer may be a moment early by the clock.
      const now = Math.max(Date.now(), dueAt);
      const due = agreement.outbox.filter((each) => each.dueAt <= now).sort((a, b) => a.dueAt - b.dueAt);
      for (const { queue, body } of due) await this.standIn.services.sqs.deliver(queue, body);
      const outbox = agreement.outbox.filter((each) => each.dueAt > now);
      if (due.length > 0) await this.standIn.state.put(collection, id, { ...agreement, outbox });
    });
  }
}

/** What a contract on the product gives. Throws ValidationException for a dimension or quantity that it cannot give. */
function entitlementsOf(
  { dimensions }: Product,
  asked: Readonly<Record<string, number>>,
): Record<string, number> {
  const entitled = dimensions.filter(({ kind }) => kind === 'entitled');
  for (const [name, quantity] of Object.entries(asked)) {
    if (!entitled.some((each) => each.name === name)) {
      throw new AwsError('ValidationException', `quantity: ${name} is no dimension of a contract.`);
    }
    if (!Number.isInteger(quantity) || quantity < 0 || quantity > 2_147_483_647) {
      throw new AwsError('ValidationException', `quantity: ${name} must be a whole number from 0.`);
    }
  }
  return Object.fromEntries(entitled.map(({ name }) => [name, asked[name] ?? 1]));
}

/** The product with that code; `undefined` when the portal's account sells none. */
export const productWithCode = async (standIn: StandIn, code: string): Promise<Product | undefined> =>
  (await productsOf(standIn)).find((product) => product.code === code);

/** Lower-case letters and digits, as in AWS's ids. */
function token(length: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return [...randomBytes(length)].map((byte) => letters[byte % letters.length]).join('');
}
