// The tests of npm run test:engine: on Pulumi's own engine.
const { testMatch: _, ...shared } = require("./jest.config.json");

module.exports = {
  ...shared,
  globalSetup: "<rootDir>/test/useRealEngine.ts",
  testMatch: [
    // Those that have nothing to test without it,
    "**/*.engine.test.ts",
    // and those that npm test runs on the offline engine.
    "<rootDir>/test/e2e/{accounts,components,customerStack,lifecycle,programs,reviews,secrets,state,upgrade}.test.ts",
    "<rootDir>/test/consumer/state.test.ts",
  ],
  // An operation takes seconds, and a loaded machine's many more.
  testTimeout: 600_000,
};
