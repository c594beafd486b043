// What a report's status means: in words, as stages, and as states of the machine `report_dragon`.
//
// DescribeExecution tells the status and not the state, so what is lit is what the status makes certain, and for a
// report under way the states that it may wait in.

export const FINAL = new Set(["SUCCEEDED", "REFUSED", "FAILED", "TIMED_OUT", "ABORTED"]);

export const LIT = {
  RUNNING: ["ValidateDragon", "FindFamily", "FamilyKnown", "ReviewDragon"],
  SUCCEEDED: ["ValidateDragon", "FindFamily", "FamilyKnown", "AddDragon", "ConfirmationRequired"],
  REFUSED: ["ValidateDragon", "ReadRefusal", "DragonNamed", "AnnounceRefusal", "ReporterKnown"],
  FAILED: ["ValidateDragon", "CatchAllFailure"],
  TIMED_OUT: ["ValidateDragon"],
  ABORTED: ["ValidateDragon"],
};

const WORDS = {
  RUNNING: "is being worked on. If its family is new, a reviewer decides first, which may take days.",
  SUCCEEDED: "is on record.",
  REFUSED: "was refused",
  FAILED: "could not be recorded",
  TIMED_OUT: "could not be recorded",
  ABORTED: "was not recorded",
};

/** A sentence on where a report stands. */
export function told({ status, dragonName, reason }) {
  const words = WORDS[status] ?? `has the status ${status}.`;
  const name = dragonName || "The dragon";
  return words.endsWith(".") ? `${name} ${words}` : `${name} ${words}: ${reason || "no reason is known"}.`;
}

/** The stages of a report: `name`, `state` (done, now, failed, ahead) and the state's words. */
export function stages(status) {
  const last = { SUCCEEDED: "Recorded", REFUSED: "Refused" }[status] ?? (FINAL.has(status) ? "Not recorded" : "Recorded");
  const good = status === "SUCCEEDED";
  const ended = FINAL.has(status);
  return [
    stage("Received", "done"),
    stage("Checked, and its family looked at", ended ? "done" : "now"),
    stage(last, good ? "done" : ended ? "failed" : "ahead"),
  ];
}

function stage(name, state) {
  const words = { done: "done", now: "under way", failed: "the end", ahead: "still to come" }[state];
  return { name, state, words };
}
