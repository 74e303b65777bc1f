import { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { goalOf } from "../../src/engine/goals";

const request = () => {
  const message = new RegisterResourceRequest();
  message.setType("test:index:Thing");
  message.setName("it");
  return message;
};

test("options that an older SDK cannot express were not asked for", () => {
  const older = Object.assign(request(), {
    getEnvvarmappingsMap: undefined,
    getReplaceWithList: undefined,
    getStateMigrationsList: undefined,
    hasReplacementTrigger: undefined,
  });
  expect(goalOf(older)).toMatchObject({ type: "test:index:Thing", name: "it" });
});

test.each([
  ["replaceWith", (message: RegisterResourceRequest) => message.addReplaceWith("urn")],
  ["envVarMappings", (message: RegisterResourceRequest) => message.getEnvvarmappingsMap().set("A", "B")],
])("%s is refused by name", (option, ask) => {
  const message = request();
  ask(message);
  expect(() => goalOf(message)).toThrow(`the ${option} option (asked for by test:index:Thing "it")`);
});
