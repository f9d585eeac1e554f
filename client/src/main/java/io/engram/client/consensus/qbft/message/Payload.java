package io.engram.client.consensus.qbft.message;

import io.engram.genesis.Hash;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** What a validator signs. */
public sealed interface Payload {

    ConsensusRound at();

    MessageKind kind();

    /** @param block with the proposal's round in its extra data and without seals, when the proposer is honest */
    record ProposalPayload(ConsensusRound at, BftBlock block) implements Payload {
        @Override
        public MessageKind kind() {
            return MessageKind.PROPOSAL;
        }
    }

    /** The author has executed the block of this digest and found every root as the header says. */
    record PreparePayload(ConsensusRound at, Hash digest) implements Payload {
        @Override
        public MessageKind kind() {
            return MessageKind.PREPARE;
        }
    }

    /** @param seal 65 bytes, r ‖ s ‖ v over the digest: what the block's header will carry */
    record CommitPayload(ConsensusRound at, Hash digest, Bytes seal) implements Payload {
        @Override
        public MessageKind kind() {
            return MessageKind.COMMIT;
        }
    }

    /** @param prepared the highest round in which the author saw a quorum of prepares, with the digest of that round */
    record RoundChangePayload(ConsensusRound at, Optional<Prepared> prepared) implements Payload {
        @Override
        public MessageKind kind() {
            return MessageKind.ROUND_CHANGE;
        }
    }

    /** What was prepared, and when. */
    record Prepared(int round, Hash digest) {}
}
