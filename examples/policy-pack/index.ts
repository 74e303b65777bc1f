import { PolicyPack } from "@pulumi/policy";
import { policies } from "pulumi-aws-approvals/policies";

// What a pack does not configure is at its default. `--policy-pack-config`, or Pulumi Cloud, configures it anew.
new PolicyPack(
  "aws-approvals",
  { policies },
  {
    "allowed-templates": {
      enforcementLevel: "mandatory",
      templates: ["arn:aws:iam:::delegation-template/example/*"],
    },
    "longest-session": { hours: 4 },
  },
);
