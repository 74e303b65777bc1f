import { endWithReader, exit } from "./process";
import { main } from "./program";
import { closeDebugger } from "./signals";

closeDebugger();
endWithReader();
void main(process.argv.slice(2)).then(exit);
