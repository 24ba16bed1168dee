import { z } from 'zod';

/** An instant of PostgreSQL in UTC, to the microsecond, which a `Date` does not hold. There is no year 0. */
const instant = z.iso.datetime({ local: true }).refine((text) => !text.startsWith('0000'));

const amount = z.string().regex(/^-?\d{1,30}(\.\d{1,20})?$/);

/** The sort key of the last order of a page: time, quantity, amount and occurrence. PostgreSQL can read all that it accepts. */
export const orderPosition = z.tuple([instant, z.int32(), amount, z.int32()]);
