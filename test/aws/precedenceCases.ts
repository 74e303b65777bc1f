/** What decides which AWS is called, in which region and as whom. `{a}` and `{b}` are the URLs of two embedded AWSes. */
export interface PrecedenceCase {
  name: string;
  /** The shared config file. */
  config?: string;
  /** The shared credentials file. */
  credentials?: string;
  env?: Record<string, string>;
  /** The profile that the user names: `--profile`, `profile_name`, `aws:profile`. */
  profile?: string;
  expected: { aws: "a" | "b"; account: string; region: string } | "error";
  /** The tools that decide otherwise, and why. */
  except?: { aws?: string; boto3?: string };
}

const [ONE, TWO, THREE] = ["111111111111", "222222222222", "333333333333"] as const;
const keys = (account: string) => ({ AWS_ACCESS_KEY_ID: account, AWS_SECRET_ACCESS_KEY: "x" });
const keyLines = (account: string) => `aws_access_key_id = ${account}\naws_secret_access_key = x\n`;
const WORK = `[profile work]\nregion = eu-west-1\nendpoint_url = {b}\n${keyLines(TWO)}`;
const OTHER = `[profile other]\nregion = eu-north-1\nendpoint_url = {a}\n${keyLines(THREE)}`;
const AT_WORK = { aws: "b", account: TWO, region: "eu-west-1" } as const;
const NO_AWS_REGION = "it does not read AWS_REGION";

export const precedenceCases: PrecedenceCase[] = [
  {
    name: "the environment alone",
    env: { ...keys(ONE), AWS_DEFAULT_REGION: "eu-south-1", AWS_ENDPOINT_URL: "{a}" },
    expected: { aws: "a", account: ONE, region: "eu-south-1" },
  },
  { name: "a profile that AWS_PROFILE names", config: WORK, env: { AWS_PROFILE: "work" }, expected: AT_WORK },
  {
    name: "a profile that AWS_DEFAULT_PROFILE names",
    config: WORK,
    env: { AWS_DEFAULT_PROFILE: "work" },
    expected: AT_WORK,
  },
  { name: "a profile that is named", config: WORK, profile: "work", expected: AT_WORK },
  {
    name: "a profile that is named, beside another in AWS_PROFILE and the default one",
    config: `${WORK}${OTHER}[default]\nregion = ap-south-1\nendpoint_url = {a}\n${keyLines(ONE)}`,
    env: { AWS_PROFILE: "other" },
    profile: "work",
    expected: AT_WORK,
  },
  {
    name: "keys in the environment beside AWS_PROFILE: the keys, and all else of the profile",
    config: WORK,
    env: { ...keys(ONE), AWS_PROFILE: "work" },
    expected: { ...AT_WORK, account: ONE },
  },
  {
    name: "keys in the environment beside a profile that is named: the profile",
    config: WORK,
    env: keys(ONE),
    profile: "work",
    expected: AT_WORK,
  },
  {
    name: "empty keys in the environment",
    config: WORK,
    env: { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_SESSION_TOKEN: "", AWS_PROFILE: "work" },
    expected: AT_WORK,
  },
  {
    name: "keys in both files: those of the credentials file",
    config: WORK,
    credentials: `[work]\n${keyLines(ONE)}`,
    profile: "work",
    expected: { ...AT_WORK, account: ONE },
  },
  {
    name: "a region in both files: that of the credentials file",
    config: WORK,
    credentials: "[work]\nregion = eu-north-1\n",
    profile: "work",
    expected: { ...AT_WORK, region: "eu-north-1" },
  },
  {
    name: "a region in the environment beside that of a profile that is named",
    config: WORK,
    env: { AWS_DEFAULT_REGION: "eu-south-1" },
    profile: "work",
    expected: { ...AT_WORK, region: "eu-south-1" },
  },
  {
    name: "AWS_REGION beside AWS_DEFAULT_REGION",
    config: WORK,
    env: { AWS_REGION: "eu-central-1", AWS_DEFAULT_REGION: "eu-south-1" },
    profile: "work",
    expected: { ...AT_WORK, region: "eu-central-1" },
    except: { aws: NO_AWS_REGION, boto3: NO_AWS_REGION },
  },
  {
    name: "an empty AWS_REGION",
    config: WORK,
    env: { AWS_REGION: "", AWS_PROFILE: "work" },
    expected: AT_WORK,
  },
  {
    name: "AWS_ENDPOINT_URL beside the endpoint of a profile that is named",
    config: WORK,
    env: { AWS_ENDPOINT_URL: "{a}" },
    profile: "work",
    expected: { ...AT_WORK, aws: "a" },
  },
  {
    name: "AWS_ENDPOINT_URL_STS beside AWS_ENDPOINT_URL",
    config: WORK,
    env: { AWS_ENDPOINT_URL: "{b}", AWS_ENDPOINT_URL_STS: "{a}" },
    profile: "work",
    expected: { ...AT_WORK, aws: "a" },
  },
  {
    name: "the services section of a profile that is named",
    config: `${WORK}services = local\n[services local]\nsts =\n  endpoint_url = {a}\n`,
    profile: "work",
    expected: { ...AT_WORK, aws: "a" },
  },
  {
    name: "a role of a profile that is named",
    config: `${WORK}[profile admin]\nregion = eu-west-2\nendpoint_url = {b}\nrole_arn = arn:aws:iam::${THREE}:role/admin\nsource_profile = work\n`,
    profile: "admin",
    expected: { aws: "b", account: THREE, region: "eu-west-2" },
  },
  {
    name: "a web identity in the environment beside AWS_PROFILE",
    config: WORK,
    env: {
      AWS_PROFILE: "work",
      AWS_ROLE_ARN: `arn:aws:iam::${THREE}:role/pipeline`,
      AWS_WEB_IDENTITY_TOKEN_FILE: "{token}",
    },
    expected: { ...AT_WORK, account: THREE },
  },
  { name: "a profile that is not there", config: WORK, profile: "wrok", expected: "error" },
  {
    name: "an AWS_PROFILE that is not there, beside keys",
    config: WORK,
    env: { ...keys(ONE), AWS_PROFILE: "wrok", AWS_ENDPOINT_URL: "{a}", AWS_DEFAULT_REGION: "eu-west-1" },
    expected: "error",
  },
];
