"""Calls as boto3 decides: with the environment and the profile on stdin. Prints whether it called or refused to."""

import json
import os
import sys

import boto3
import botocore.exceptions

case = json.load(sys.stdin)
os.environ.clear()
os.environ.update(case["env"])
try:
    boto3.Session(profile_name=case.get("profile")).client("sts").get_caller_identity()
    print("called")
except botocore.exceptions.ProfileNotFound:
    print("error")
