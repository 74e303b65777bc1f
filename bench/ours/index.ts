import * as pulumi from "@pulumi/pulumi";
import { iam } from "pulumi-aws-approvals";
import { asked } from "../request";

for (let i = 0; i < new pulumi.Config().requireNumber("count"); i++) {
  new iam.DelegationRequest(`request-${i}`, asked);
}
