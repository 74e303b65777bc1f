import { paymentCryptography } from "../../../src/emulator/paymentcryptography/service";
import { describeConformance } from "../conformance";
import { type Harness, PARTNER } from "../harness";
import { activeTeam, inactiveTeam, type Team } from "../mpa/approvalTeams";
import { associated, call, freshTeam } from "./associations";

const Action = "IMPORT_ROOT_PUBLIC_KEY_CERTIFICATE";
const INJECTED = {
  ServiceQuotaExceededException: "injected",
  ServiceUnavailableException: "injected",
  AccessDeniedException: "injected",
  ThrottlingException: "injected",
  InternalServerException: "injected",
} as const;

const about = ({ account }: Team, more: object = {}) => ({ caller: account, input: { Action, ...more } });
const unknown = () => ({ caller: PARTNER, input: { Action } });
const invalid = () => ({ caller: PARTNER, input: { Action: "NONE" } });
const pending = async (running: Harness) => {
  const team = await associated(running);
  await call(running, team.account, "DisassociateMpaTeam", { Action });
  return team;
};

describeConformance(paymentCryptography, {
  AssociateMpaTeam: {
    example: async (running) => {
      const team = await freshTeam(running);
      return about(team, { MpaTeamArn: team.arn, RequesterComment: "First" });
    },
    restrictions: { MpaTeamArn: { why: "there is no such team", code: "ResourceNotFoundException" } },
    errors: {
      ValidationException: async (running) => {
        const team = await inactiveTeam(running);
        return about(team, { MpaTeamArn: team.arn });
      },
      ConflictException: async (running) => {
        const team = await pending(running);
        return about(team, { MpaTeamArn: (await activeTeam(running)).arn });
      },
      ResourceNotFoundException: async (running) => {
        const team = await freshTeam(running);
        return about(team, { MpaTeamArn: `${team.arn}-gone` });
      },
      ...INJECTED,
    },
  },
  DisassociateMpaTeam: {
    example: async (running) => about(await associated(running), { RequesterComment: "Not needed" }),
    errors: {
      ValidationException: invalid,
      ConflictException: async (running) => about(await pending(running)),
      ResourceNotFoundException: unknown,
      ...INJECTED,
    },
  },
  GetMpaTeamAssociation: {
    example: async (running) => about(await pending(running)),
    errors: {
      ValidationException: invalid,
      ConflictException: "injected",
      ResourceNotFoundException: unknown,
      ...INJECTED,
    },
  },
});
