"""Runs programs without an engine: what they take from the SDK must be there, and what they pass must be known."""

import runpy
import sys

import pulumi


class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return f"{args.name}-id", args.inputs

    def call(self, args):
        return {"credentials": {"expiration": "value"}} if "sts" in args.token else {}


settings = [
    *["token", "teamArn", "sourceArn", "sessionArn", "vaultArn"],
    *["requestId", "tableArn", "queueUrl", "topicArn"],
]
for program in sys.argv[1:]:
    pulumi.runtime.set_mocks(Mocks(), project="example")
    pulumi.runtime.set_all_config({f"example:{key}": "value" for key in settings})
    pulumi.runtime.test(lambda: runpy.run_path(program))()
    print(program)
