import { onboardMany } from "../test/e2e/onboardMany";

const customers = Number(process.argv[2] ?? 100);
if (!Number.isInteger(customers) || customers < 10)
  throw new Error("npm run onboarding [-- CUSTOMERS], at least 10");

async function main(): Promise<void> {
  const { figures, left } = await onboardMany(customers);
  const rows = { ...figures, "messages left behind": left };
  for (const [name, value] of Object.entries(rows)) {
    const label = name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
    console.log(`| ${label.padEnd(28)} | ${String(Math.round(value)).padStart(6)} |`);
  }
}

main().catch((error: Error) => {
  console.error(`onboarding: ${error.message}`);
  process.exitCode = 1;
});
