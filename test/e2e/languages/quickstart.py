"""Takes a program of examples through its life with Pulumi's Automation API, and prints what changed."""

import json
import runpy
import sys

from pulumi import automation

stack = automation.create_or_select_stack(
    stack_name="dev",
    project_name="quickstart",
    program=lambda: runpy.run_path(sys.argv[1]),
)
up = stack.up()
steps = [
    ("up", up.summary.resource_changes),
    ("preview", stack.preview().change_summary),
    ("refresh", stack.refresh().summary.resource_changes),
    ("destroy", stack.destroy().summary.resource_changes),
]
outputs = {name: output.value for name, output in up.outputs.items()}
print(json.dumps({"steps": steps, "outputs": outputs}))
