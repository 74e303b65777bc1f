/**
 * Tests of approvals with no account and no Pulumi CLI: an embedded AWS and an offline engine. Both are test doubles;
 * what they leave out is said in the README.
 */
export * from "./emulator";
export * from "./engine";
