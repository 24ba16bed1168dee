export const minuteMs = 60_000;
export const hourMs = 3_600_000;
/** A UTC day, which always has 24 hours. */
export const dayMs = 24 * hourMs;
export const hourSeconds = 3600;
export const daySeconds = 24 * hourSeconds;

/** A customer who places no order for this many days has churned. Features whose names end in `_90d` look back equally far. */
export const horizonDays = 90;

/** The instant `days` times 24 hours after `instant`; before it when `days` is negative. */
export const addDays = (instant: Date, days: number): Date => new Date(instant.getTime() + days * dayMs);

/** The UTC day of `instant`, as in `2026-03-01`. */
export const utcDay = (instant: Date): string => instant.toISOString().slice(0, 10);
