package io.engram.client.conformance;

import java.util.Map;

/**
 * What became of one case of a test.
 *
 * @param test file and name
 * @param fork the network it was run for; empty when it has none
 * @param detail expected and actual value of a failure, or the reason for leaving the case out
 * @param facts what execution gave, by name, for machines; in the order to print them
 */
public record CaseResult(String test, String fork, Status status, String detail, Map<String, Object> facts) {

    /** How it ended. */
    public enum Status {
        PASSED,
        FAILED,
        SKIPPED
    }

    static CaseResult passed(String test, String fork, Map<String, Object> facts) {
        return new CaseResult(test, fork, Status.PASSED, "", facts);
    }

    static CaseResult failed(String test, String fork, String detail, Map<String, Object> facts) {
        return new CaseResult(test, fork, Status.FAILED, detail, facts);
    }

    static CaseResult skipped(String test, String fork, String reason) {
        return new CaseResult(test, fork, Status.SKIPPED, reason, Map.of());
    }
}
