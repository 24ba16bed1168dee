import { cookies } from 'next/headers';
import { type Theme, themeCookie, themeOf } from '@/components/shell/theme';

/** The theme chosen in this browser. */
export const chosenTheme = async (): Promise<Theme> => themeOf((await cookies()).get(themeCookie)?.value);
