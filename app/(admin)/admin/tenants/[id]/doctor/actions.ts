'use server';

import { redirect } from 'next/navigation';
import { diagnoseTenant } from '@/lib/domain/doctor/verbs/diagnose-tenant';
import { action } from '@/lib/server/action';
import { linkField } from '../../../../../_components/doctor/words';
import { doctorHref } from '../../words';

/** Looks at the links of a tenant's workbench, or at one of them again. */
export const diagnoseTenantAction = action(
  { action: diagnoseTenant.action, scope: 'control' },
  async (context, _: unknown, form: FormData): Promise<never> => {
    const tenantId = String(form.get('tenantId') ?? '');
    const link = linkField(form);
    await diagnoseTenant(context, { tenantId, link });
    redirect(doctorHref(tenantId, link));
  },
);
