import { fuzzHalf } from "./half.js";

fuzzHalf(1);
