/** Whether a value is a resource of a type, made by this copy of the package or another. */
export const hasType = (value: unknown, type: string): boolean =>
  (value as { __pulumiType?: string } | undefined)?.__pulumiType === type;
