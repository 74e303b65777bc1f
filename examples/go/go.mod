module quickstart

go 1.26.6

require (
	github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go v0.0.0
	github.com/pulumi/pulumi/sdk/v3 v3.274.1
)

// Where pulumi package add has written it.
replace github.com/pulumi-aws-approvals/pulumi-aws-approvals/sdk/go => ./sdks/aws-approvals
