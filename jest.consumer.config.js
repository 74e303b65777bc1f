// The tests of npm run test:consumer: what somebody sees who installs the package.
module.exports = {
  ...require("./jest.config.json"),
  testMatch: ["<rootDir>/test/consumer/**/*.test.ts"],
  // Whole installations and test runs in processes of their own, beside others.
  testTimeout: 600_000,
};
