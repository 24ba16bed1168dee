import { whenIdle } from '../when-idle';

/** A chart on a canvas. */
export interface MountedPlot {
  /** Shows the newest data. */
  update(): void;
  end(): void;
}

/**
 * A chart whose code is fetched once the page has nothing to do, so that it never keeps the page from answering. `load` gives what
 * draws it; a chart that was ended before is not drawn.
 */
export function mountWhenIdle(load: () => Promise<() => MountedPlot>): MountedPlot {
  let ended = false;
  let mounted: MountedPlot | undefined;
  const begin = async () => {
    const mount = await load();
    if (!ended) mounted = mount();
  };
  const callOff = whenIdle(() => void begin());
  return {
    update: () => mounted?.update(),
    end() {
      ended = true;
      callOff();
      mounted?.end();
    },
  };
}
