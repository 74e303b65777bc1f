import { main } from "./program";
import { closeDebugger } from "./signals";

closeDebugger();
void main(process.argv.slice(2));
