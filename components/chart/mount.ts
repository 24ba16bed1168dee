import { whenIdle } from '../when-idle';

/** A chart on a canvas. */
export interface MountedPlot {
  /** Shows the newest data. */
  update(): void;
  end(): void;
}

/**
 * A chart whose code is loaded once the page is idle, so that it never delays interaction. `load` returns the
 * function that draws it; a chart that was ended before is not drawn.
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
