/** The version of the plugin that the classes ask Pulumi for: the package's. */
export const { version } = require("../../package.json") as { version: string };
