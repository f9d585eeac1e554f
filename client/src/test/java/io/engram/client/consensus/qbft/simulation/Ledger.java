package io.engram.client.consensus.qbft.simulation;

import io.engram.client.consensus.qbft.message.ConsensusRound;
import io.engram.client.consensus.qbft.message.MessageKind;
import io.engram.client.consensus.qbft.message.Payload;
import io.engram.client.consensus.qbft.message.QbftMessage;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.Block;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.qbft.QbftHasher;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Sees what every honest node does, and says when one of the promises is broken. */
final class Ledger {

    private record Slot(Address author, MessageKind kind, ConsensusRound at) {}

    private final Map<Long, Hash> decided = new HashMap<>();
    private final Map<Slot, Hash> signed = new HashMap<>();
    private final Set<Hash> wrong = new HashSet<>();

    /** A block that some node proposed or executed. */
    void seen(Block block, BlockHeader parent) {
        if (Content.fault(block, parent).isPresent()) {
            wrong.add(Content.bft(block).digest());
        }
    }

    /** A quorum sealed this block. */
    void decided(Block block, BlockHeader parent) {
        Hash hash = QbftHasher.INSTANCE.hash(block.header());
        long height = block.header().number();
        Hash other = decided.putIfAbsent(height, hash);
        if (other != null && !other.equals(hash)) {
            throw new Violation("two blocks at height " + height + ": " + other + " and " + hash);
        }
        Content.fault(block, parent).ifPresent(fault -> {
            throw new Violation("a quorum sealed block " + height + ", which has a wrong " + fault);
        });
    }

    /** An honest node sends a message of its own, perhaps again. */
    void signed(QbftMessage message) {
        Slot slot = new Slot(message.author(), message.kind(), message.at());
        Hash subject = subject(message.signed().payload(), message);
        Hash earlier = signed.putIfAbsent(slot, subject);
        if (earlier != null && !earlier.equals(subject)) {
            throw new Violation(
                    message.author() + " signed two different messages " + message.kind() + " at " + message.at());
        }
        if (earlier == null && message.kind() == MessageKind.PREPARE && wrong.contains(subject)) {
            throw new Violation(
                    message.author() + " prepared at " + message.at() + " a block whose execution gives other roots");
        }
    }

    private static Hash subject(Payload payload, QbftMessage message) {
        return switch (payload) {
            case Payload.ProposalPayload proposal -> proposal.block().digest();
            case Payload.PreparePayload prepare -> prepare.digest();
            case Payload.CommitPayload commit -> commit.digest();
            case Payload.RoundChangePayload change ->
                Keccak256.hash(message.signed().encoded());
        };
    }
}
