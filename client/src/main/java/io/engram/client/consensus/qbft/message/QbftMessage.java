package io.engram.client.consensus.qbft.message;

import io.engram.client.consensus.qbft.message.Payload.CommitPayload;
import io.engram.client.consensus.qbft.message.Payload.PreparePayload;
import io.engram.client.consensus.qbft.message.Payload.ProposalPayload;
import io.engram.client.consensus.qbft.message.Payload.RoundChangePayload;
import io.engram.genesis.Address;
import java.util.List;
import java.util.Optional;

/** A message as it travels: a signed payload, and what justifies it. Every signature in it has been recovered. */
public sealed interface QbftMessage {

    Signed<? extends Payload> signed();

    default MessageKind kind() {
        return signed().payload().kind();
    }

    default ConsensusRound at() {
        return signed().at();
    }

    default Address author() {
        return signed().author();
    }

    /**
     * @param roundChanges from round 1 on, a quorum that asked for the round
     * @param prepares those that prepared the block in the highest round that {@code roundChanges} name, if any
     */
    record Proposal(
            Signed<ProposalPayload> signed,
            List<Signed<RoundChangePayload>> roundChanges,
            List<Signed<PreparePayload>> prepares)
            implements QbftMessage {
        public Proposal {
            roundChanges = List.copyOf(roundChanges);
            prepares = List.copyOf(prepares);
        }
    }

    record Prepare(Signed<PreparePayload> signed) implements QbftMessage {}

    record Commit(Signed<CommitPayload> signed) implements QbftMessage {}

    /** @param block the prepared one, with the round in which it was prepared */
    record RoundChange(
            Signed<RoundChangePayload> signed, Optional<BftBlock> block, List<Signed<PreparePayload>> prepares)
            implements QbftMessage {
        public RoundChange {
            prepares = List.copyOf(prepares);
        }
    }
}
