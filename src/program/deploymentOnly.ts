/**
 * Tells Pulumi's closure serializer not to require a module in a serialized function, such as the handler of a Lambda
 * function, where `@pulumi/pulumi` is missing: what the function uses of it becomes a part of its text.
 */
export function markDeploymentOnly(exports: object): void {
  Object.defineProperty(exports, "deploymentOnlyModule", { value: true });
}
