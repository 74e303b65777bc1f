/** One request with five parameters, the same for all that is compared. */
export const asked = {
  ownerAccountId: "222222222222",
  description: "Read the list of buckets, to set up backups",
  permissions: {
    policyTemplateArn: "arn:aws:iam:::delegation-template/example/backup",
    parameters: ["prefix", "region", "vault", "schedule", "retention"].map((name) => ({
      name,
      type: "string" as const,
      values: [`${name}-of-acme`],
    })),
  },
  notificationChannel: "arn:aws:sns:us-east-1:000000000000:approvals",
  sessionDuration: 3600,
};
