import { announceViewer, fetchAsViewer } from '@/components/shell/current-viewer';
import { copyOnClick } from '@/components/ui/copy-on-click';
import { explainTerms } from '@/components/ui/explain-terms';

// Runs on every page, before anything on it.
window.fetch = fetchAsViewer(window.fetch);
announceViewer();
copyOnClick();
explainTerms();
