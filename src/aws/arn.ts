/** The region in an ARN; empty when it names none. */
export const regionOf = (arn: string): string => arn.split(":")[3] ?? "";
