'use server';

import { redirect } from 'next/navigation';
import { runDoctor } from '@/lib/domain/doctor/verbs/run-doctor';
import { action } from '@/lib/server/action';
import { linkField } from '../../../_components/doctor/words';
import { doctorPage } from './page-info';

/** Looks at the links of the own workbench, or at one of them again. */
export const runDoctorAction = action(
  { action: runDoctor.action, scope: 'tenant' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const link = linkField(form);
    await runDoctor(context, { link });
    redirect(link ? `${doctorPage.path}?link=${link}` : doctorPage.path);
  },
);
