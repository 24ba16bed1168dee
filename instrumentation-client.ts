import { announceViewer, fetchAsViewer } from '@/components/shell/current-viewer';

// Runs on every page, before anything on it.
window.fetch = fetchAsViewer(window.fetch);
announceViewer();
