/** The server's part of "Your data": nothing of it is kept on the phone. */
export { data, type Choices, type Counts, type Erasure, type Export, type Import, type Kept, type Kind, type Status } from "../api/data";
