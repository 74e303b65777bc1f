import * as pulumi from "@pulumi/pulumi";
import { failRun } from "../program/failRun";
import { programFolder, runsOnMocks } from "../program/installed";
import { waitForApply } from "../program/waitForApply";
import type { DelegationGrant } from "../resources/iam/delegationGrant/resource";
import { addProfile, PROFILE_NAME } from "./customerProfile";

/** Settings of the provider for a customer's account. */
export interface CustomerProviderArgs {
  /** The region. Default: the stack's `aws:region`, else as in every AWS SDK. */
  region?: pulumi.Input<string>;
  /** Tags of all that is deployed there. */
  defaultTags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * A profile of your own making, by `aws-approvals configure` for example. Default: the profile of the customer's name in
   * `configFile`, which is added there.
   */
  profile?: pulumi.Input<string>;
  /**
   * The AWS configuration file that the profile is in, relative to the folder that the program runs in. Keep it with the
   * program: `refresh` and `destroy` need it, and do not run the program. Default: `aws-approvals.STACK.ini`, and the files
   * of every AWS SDK when `profile` is given.
   */
  configFile?: string;
}

interface Options {
  access: pulumi.ComponentResource;
  ownerAccountId: pulumi.Input<string> | undefined;
  settings: CustomerProviderArgs | undefined;
  grant(): DelegationGrant;
}

/** The provider for a customer's account, and what is declared with it. */
export class CustomerProvider {
  private grant: DelegationGrant | undefined;
  private createdProvider: pulumi.ProviderResource | undefined;
  private hasLogged = false;
  private failures = 0;

  constructor(
    private readonly name: string,
    private readonly options: Options,
  ) {}

  /** Declared with the first who needs it: without `waitFor` and `whenGranted`, nobody asks what was granted. */
  declareGrant(): DelegationGrant {
    this.grant ??= this.options.grant();
    return this.grant;
  }

  whenGranted<T>(
    deploy: (provider: pulumi.ProviderResource) => unknown,
  ): pulumi.Output<pulumi.Unwrap<T> | undefined> {
    this.validate();
    const deployed = this.declareGrant().granted.apply((granted) => {
      if (!granted) return this.logWaiting();
      try {
        const deployed = deploy(this.provider());
        if (!(deployed instanceof Promise)) return deployed;
        this.fail(
          "whenGranted does not accept an asynchronous function: Pulumi would not wait for the resources that it declares.",
        );
      } catch (error) {
        this.fail((error as Error).stack ?? String(error));
      }
      return undefined;
    });
    waitForApply(deployed);
    return deployed as pulumi.Output<pulumi.Unwrap<T> | undefined>;
  }

  private provider(): pulumi.ProviderResource {
    this.createdProvider ??= this.createProvider(this.declareGrant());
    return this.createdProvider;
  }

  private createProvider({ delegationRequestId }: DelegationGrant): pulumi.ProviderResource {
    const { Provider } = require("@pulumi/aws/provider") as typeof import("@pulumi/aws/provider");
    const { access, ownerAccountId, settings = {} } = this.options;
    const { region = new pulumi.Config("aws").get("region"), defaultTags } = settings;
    const { profile, configFile } = this.profile();
    return new Provider(
      this.name,
      {
        // Not known while the request is renewed: a preview then cannot, and need not, act as the customer.
        profile: pulumi.all([profile, delegationRequestId]).apply(([name]) => name),
        ...(configFile !== undefined && { sharedConfigFiles: [configFile] }),
        ...(ownerAccountId !== undefined && { allowedAccountIds: [ownerAccountId] }),
        ...(region !== undefined && { region: region as pulumi.Input<import("@pulumi/aws").Region> }),
        ...(defaultTags !== undefined && { defaultTags: { tags: defaultTags } }),
      },
      { parent: access },
    );
  }

  private profile(): { profile: pulumi.Input<string>; configFile: string | undefined } {
    const { profile, configFile } = this.options.settings ?? {};
    if (profile !== undefined) return { profile, configFile };
    const { name } = this;
    const file = configFile ?? `aws-approvals.${pulumi.getStack()}.ini`;
    if (!runsOnMocks() && addProfile(file, { name, stack: stackName(), vendor: vendor() }, programFolder))
      void pulumi.log.info(
        `CustomerAccess ${name}: its AWS profile was added to ${file}. Keep that file with the program, so that other machines have it too.`,
      );
    return { profile: name, configFile: file };
  }

  private validate(): void {
    const { access, ownerAccountId, settings } = this.options;
    const problem =
      ownerAccountId === undefined
        ? "whenGranted requires request.ownerAccountId: without it, another account could claim a renewed request, and the deployed resources would not be found there"
        : settings?.profile === undefined && !PROFILE_NAME.test(this.name)
          ? "the component's name is not a valid name for an AWS profile. Specify provider.profile, or use a name of letters, digits and _.@+-"
          : undefined;
    if (problem !== undefined) throw new pulumi.ResourceError(problem, access, true);
  }

  private logWaiting(): undefined {
    if (this.hasLogged || !pulumi.runtime.isDryRun()) return;
    this.hasLogged = true;
    pulumi.output(this.options.ownerAccountId).apply((account) => {
      const owner = account === undefined ? "the customer" : `account ${account}`;
      void pulumi.log.info(
        `CustomerAccess ${this.name}: this preview does not include what whenGranted declares. That is created after ${owner} has granted ` +
          "the request and a refresh has recorded it.",
      );
    });
  }

  private fail(message: string): void {
    failRun(
      `${this.name}-${++this.failures}`,
      `CustomerAccess ${this.name}: ${message}`,
      this.options.access,
    );
  }
}

/** Names the stack wherever the command runs, also where there is no Pulumi.yaml. */
const stackName = () => `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;

/** How to be the account that made the request, as far as the stack's configuration says it without secrets. */
function vendor() {
  const of = (key: string) =>
    new pulumi.Config("aws-approvals").get(key) ?? new pulumi.Config("aws").get(key);
  return { profile: of("profile"), region: of("region") };
}
