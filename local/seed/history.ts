import { beta, gamma, normal, seededRandom } from '../../lib/domain/churn/fixtures/simulate';

/** A fictional customer of the demo tenant, with a purchase history drawn from the BG/NBD model. */
export interface DemoCustomer {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly orders: readonly { readonly day: Date; readonly quantity: number; readonly amount: number }[];
  readonly tickets: readonly { readonly openedAt: Date; readonly subject: string }[];
}

const given =
  'Ada Bram Chloé Diego Elif Femke Goran Hana Ines Jonas Kaja Lior Maren Nadia Omar Priya Quinn Rosa Sven Tomas Uma Vera Wim Xenia Yusuf Zoë'.split(
    ' ',
  );
const family =
  'Abbas Berg Castro Dvořák Eriksen Ferrari García Haddad Ivanova Jansen Kaya Lindqvist Moreau Novák Okafor Petrov Quist Rossi Schmidt Tanaka Ueda Visser Weber Xu Yılmaz Zeller'.split(
    ' ',
  );
const ticketSubjects = [
  'Late delivery',
  'Wrong size',
  'Refund not received',
  'Damaged on arrival',
  'Invoice missing',
  'Voucher refused',
];
const dayMs = 86_400_000;

/** `count` customers whose histories end the day before `today`. The same seed gives the same customers. */
export function* demoCustomers(count: number, today: Date, seed = 20_260_101): Generator<DemoCustomer> {
  const random = seededRandom(seed);
  const lastDay = Math.floor(today.getTime() / dayMs) - 1;
  for (let index = 1; index <= count; index += 1) {
    const id = `B${String(index).padStart(5, '0')}`;
    const first = pick(given, random);
    const last = pick(family, random);
    const firstDay = lastDay - 30 - Math.floor(random() * 690);
    const orders = orderDays(firstDay, lastDay, random).map((day) => ({
      day: new Date(day * dayMs),
      quantity: 1 + Math.floor(-Math.log(1 - random()) * 1.2),
      amount: Math.round(Math.exp(3.3 + 0.7 * normal(random)) * 100) / 100,
    }));
    const tickets = orders
      .filter(() => random() < 0.08)
      .map(({ day }) => ({
        openedAt: new Date(Math.min(day.getTime() + Math.floor(random() * 9 * dayMs), lastDay * dayMs)),
        subject: pick(ticketSubjects, random),
      }));
    yield {
      id,
      name: `${first} ${last}`,
      email: `${ascii(first)}.${ascii(last)}.${index}@bar-shop.example`,
      orders,
      tickets,
    };
  }
}

/**
 * Purchases at an exponential rate drawn from a gamma distribution. After each purchase the customer may leave for
 * good.
 */
function orderDays(firstDay: number, lastDay: number, random: () => number): number[] {
  const rate = gamma(0.7, random) / 70;
  const dropout = beta(0.8, 3.2, random);
  const days = [firstDay];
  let time = firstDay;
  while (random() > dropout || days.length === 1) {
    time += -Math.log(1 - random()) / Math.max(rate, 1e-6);
    if (time > lastDay) break;
    days.push(Math.floor(time));
    if (days.length === 2 && random() < dropout) break;
  }
  return days;
}

function pick(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? '';
}

function ascii(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();
}
