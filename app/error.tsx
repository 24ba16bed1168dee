'use client';

import { FailurePage } from '@/components/shell/failure';

export default FailurePage;
