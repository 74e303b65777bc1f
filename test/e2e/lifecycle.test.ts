import { engines } from "./engines";
import { testLifecycle } from "./lifecycle";
import { fronts, identitySource, scenariosOf } from "./scenarios";

const frontsOf = (isReal: boolean) => (isReal ? [fronts.dynamic, fronts.plugin] : [fronts.dynamic]);

describe.each(engines)("$title", (engine) => {
  describe.each(frontsOf(engine.runsPlugins))("$title", (front) => {
    describe.each(Object.values(scenariosOf(front)))("$title", (scenario) =>
      // A process of its own for one: it is the same for every resource, and takes a second to start.
      testLifecycle(engine, scenario, scenario.title !== identitySource.title),
    );
  });
});
