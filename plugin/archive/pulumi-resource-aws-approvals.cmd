@echo off
where node >nul 2>nul
if errorlevel 1 (
  echo pulumi-resource-aws-approvals: needs Node.js 20 or newer, and there is no node on the PATH: https://nodejs.org 1>&2
  exit /b 1
)
node "%~dp0start.js" %*
