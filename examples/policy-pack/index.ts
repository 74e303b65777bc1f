import { PolicyPack } from "@pulumi/policy";
import { policies } from "pulumi-aws-approvals/policies";

// What a pack does not configure is at its default. What it configures is advisory, unless it says otherwise.
// `--policy-pack-config`, or Pulumi Cloud, configures it anew.
new PolicyPack(
  "aws-approvals",
  { policies },
  {
    "allowed-templates": {
      enforcementLevel: "mandatory",
      templates: ["arn:aws:iam:::delegation-template/example/*"],
    },
    "longest-session": { enforcementLevel: "mandatory", hours: 4 },
  },
);
