package io.engram.client.consensus.qbft.message;

/** One attempt to agree on the block of one height; rounds count from 0. */
public record ConsensusRound(long height, int round) implements Comparable<ConsensusRound> {

    public ConsensusRound {
        if (height < 0 || round < 0) {
            throw new IllegalArgumentException("height " + height + ", round " + round);
        }
    }

    /** By height, then by round. */
    @Override
    public int compareTo(ConsensusRound other) {
        return height == other.height ? Integer.compare(round, other.round) : Long.compare(height, other.height);
    }

    @Override
    public String toString() {
        return height + "/" + round;
    }
}
