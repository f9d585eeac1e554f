package io.engram.client.chain;

/** What became of a block that was offered to the chain. */
public sealed interface ImportResult {

    /** It is the head now. */
    record Imported(ExecutedBlock block) implements ImportResult {}

    /** It was on the canonical chain already. */
    record AlreadyKnown(long number) implements ImportResult {}

    /**
     * It breaks a rule; the chain is as before.
     *
     * @param reason the rule, with expected and actual values
     */
    record Invalid(String reason) implements ImportResult {}
}
