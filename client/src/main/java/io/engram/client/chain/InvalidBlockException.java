package io.engram.client.chain;

/** A block breaks a rule. The message names the rule with the expected and the actual value. */
public final class InvalidBlockException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    public InvalidBlockException(String reason) {
        super(reason);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }

    /** "WHAT is ACTUAL, expected EXPECTED". */
    static InvalidBlockException mismatch(String what, Object actual, Object expected) {
        return new InvalidBlockException(what + " is " + actual + ", expected " + expected);
    }
}
