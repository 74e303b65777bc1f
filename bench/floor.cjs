// A dynamic provider that does nothing: what the engine and its provider process take when a resource costs nothing.
const outputs = require("./outputs.json");

module.exports = {
  create: async (inputs) => ({ id: "id", outs: { ...inputs, ...outputs } }),
  diff: async () => ({ changes: false }),
};
