import * as pulumi from "@pulumi/pulumi";

/** A provider whose check refuses. It never gets into a state. */
const REFUSING =
  "exports.handler=()=>({check:async(_,news)=>({inputs:news,failures:[{property:'',reason:news.reason}]})})";

/**
 * Has the engine itself fail the run, and so delete nothing. It would delete what a program with a logged error has not
 * declared, and an inline program that threw in an `apply`.
 *
 * @param message has no secrets
 */
export function failRun(name: string, message: string, parent: pulumi.Resource): void {
  new Refused(name, { __provider: REFUSING, reason: message }, { parent });
}

class Refused extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("pulumi-nodejs:dynamic/aws-approvals/access:WhenGranted", name, inputs, opts);
  }
}
