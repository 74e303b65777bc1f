import { engines } from "./engines";
import { live } from "./lifecycle";
import { identitySource, requestToAnyone, requestToCustomer } from "./lives";

describe.each(engines)("$title", (engine) => {
  describe("IdentitySource", () => live(engine, identitySource));
  describe("DelegationRequest to anyone", () => live(engine, requestToAnyone));
  describe("DelegationRequest to a known customer", () => live(engine, requestToCustomer));
});
