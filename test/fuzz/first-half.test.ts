import { fuzzHalf } from "./half.js";

fuzzHalf(0);
