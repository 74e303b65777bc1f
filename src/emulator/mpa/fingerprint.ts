/** Equal for equal parameters of a call. */
export const fingerprintOf = (input: object): string =>
  JSON.stringify(input, (_, value) => (value instanceof Map ? [...value].sort() : value));
