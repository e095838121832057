// The figures that take longest, beside the others; what is compared: parity.mjs.
import { parityOf } from "./parity.mjs";

parityOf(true);
