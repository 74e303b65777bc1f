import { engines } from "./engines";
import { testLifecycle } from "./lifecycle";
import { fronts, scenariosOf } from "./scenarios";

const frontsOf = (isReal: boolean) => (isReal ? [fronts.dynamic, fronts.plugin] : [fronts.dynamic]);

describe.each(engines)("$title", (engine) => {
  describe.each(frontsOf(engine.runsPlugins))("$title", (front) => {
    describe.each(Object.values(scenariosOf(front)))("$title", (scenario) => testLifecycle(engine, scenario));
  });
});
