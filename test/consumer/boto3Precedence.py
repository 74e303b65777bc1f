"""Calls as boto3 decides, once for each line of stdin: with its environment and profile. Says whether boto3 called."""

import json
import os
import sys

import boto3
import botocore.exceptions

for line in sys.stdin:
    case = json.loads(line)
    os.environ.clear()
    os.environ.update(case["env"])
    try:
        boto3.Session(profile_name=case.get("profile")).client("sts").get_caller_identity()
        print("called", flush=True)
    except botocore.exceptions.ProfileNotFound:
        print("error", flush=True)
