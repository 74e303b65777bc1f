// How Pulumi marks secrets and unknown values in its protocol, its states and its previews.
// https://www.pulumi.com/docs/iac/guides/building-extending/providers/
// Loading the SDK's runtime for these would take longer than everything else.

/** The key of an object that stands for another value (`resource.SigKey` in Pulumi's SDKs). */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";

/** The signature of a secret. */
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

export const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What stands for an unknown string, boolean, number, array, asset, archive and object. */
export const UNKNOWN_VALUES: ReadonlySet<unknown> = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);
