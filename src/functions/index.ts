import type { FunctionDeclaration } from "../provider/properties";
import { getDelegatedAccessToken } from "./sts/properties";

/** All functions, by their names. */
export const functions = { getDelegatedAccessToken } as const satisfies Record<string, FunctionDeclaration>;
