export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

/** Holds the chosen theme, so that the server sends the page in it from the first byte. */
export const themeCookie = 'annex-theme';

/** The theme that a cookie or a form names; `system` when it names none. */
export const themeOf = (text: unknown): Theme => themes.find((theme) => theme === text) ?? 'system';
