import { engines } from "./engines";
import { testLifecycle } from "./lifecycle";
import { identitySource, requestToAnyone, requestToCustomer } from "./scenarios";

const SCENARIOS = [identitySource, requestToAnyone, requestToCustomer];

describe.each(engines)("$title", (engine) => {
  describe.each(SCENARIOS)("$title", (scenario) => testLifecycle(engine, scenario));
});
