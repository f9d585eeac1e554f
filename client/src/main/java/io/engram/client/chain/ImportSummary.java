package io.engram.client.chain;

import java.util.Optional;

/**
 * The outcome of importing a file of blocks.
 *
 * @param imported blocks added to the chain
 * @param known blocks that were there already
 * @param failure why the import ended before the end of the file
 */
public record ImportSummary(long imported, long known, Optional<Failure> failure) {

    /**
     * @param position of the block in the file, from 0
     * @param blockNumber as the block states it; −1 when it could not be decoded
     */
    public record Failure(long position, long blockNumber, String reason) {
        @Override
        public String toString() {
            return "block " + (blockNumber < 0 ? "at position " + position : blockNumber) + ": " + reason;
        }
    }
}
