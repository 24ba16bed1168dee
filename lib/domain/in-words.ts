const words = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** A small count in words, as `eight`; a larger one in digits. */
export const inWords = (count: number): string => words[count] ?? String(count);
