import { writeFile } from 'node:fs/promises';
import { utcDay } from '@/lib/domain/time';

/** As many as CDNOW's. */
const customers = 23_570;

/** Writes fictional orders to `path`, and returns that: about three orders per customer over eighteen months, in order of customer and date like CDNOW's file. */
export async function madeUpOrders(path: string): Promise<string> {
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
  let text = 'customer_id,ordered_at,quantity,amount\n';
  for (let customer = 1; customer <= customers; customer += 1) {
    let day = Math.floor(random() * 84);
    do {
      const at = utcDay(new Date(Date.UTC(1997, 0, 1 + day)));
      text += `${String(customer).padStart(5, '0')},${at},${1 + Math.floor(random() * 4)},${(5 + random() * 60).toFixed(2)}\n`;
      day += 1 + Math.floor(random() * 120);
    } while (day < 545 && random() < 0.7);
  }
  await writeFile(path, text);
  return path;
}
