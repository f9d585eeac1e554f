package io.engram.client.consensus.qbft;

import io.engram.client.consensus.qbft.message.ConsensusRound;
import io.engram.client.consensus.qbft.message.MessageKind;
import io.engram.genesis.Hash;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a validator must remember across a crash so as never to contradict itself (protocol F5). Immutable.
 *
 * @param floor nothing is signed at this height or below
 * @param signed of each kind of message the highest one signed
 * @param certificate the last block that this node saw prepared, whatever its height
 */
public record SafetyState(long floor, Map<MessageKind, Mark> signed, Optional<PreparedCertificate> certificate) {

    /**
     * A signed message.
     *
     * @param subject what it said: the digest of a block, or of a round change the hash that was signed
     */
    public record Mark(ConsensusRound at, Hash subject) {}

    public SafetyState {
        signed = Map.copyOf(signed);
    }

    /** Of a validator that has signed nothing, or nothing above a height. */
    public static SafetyState nothingSignedAbove(long floor) {
        return new SafetyState(floor, Map.of(), Optional.empty());
    }

    Optional<Mark> last(MessageKind kind) {
        return Optional.ofNullable(signed.get(kind));
    }

    /** The highest round of this height in which something was signed. */
    int lastRound(long height) {
        return signed.values().stream()
                .map(Mark::at)
                .filter(at -> at.height() == height)
                .mapToInt(ConsensusRound::round)
                .max()
                .orElse(0);
    }

    Optional<PreparedCertificate> certificateAt(long height) {
        return certificate.filter(prepared -> prepared.height() == height);
    }

    SafetyState with(MessageKind kind, Mark mark) {
        Map<MessageKind, Mark> changed = new EnumMap<>(MessageKind.class);
        changed.putAll(signed);
        changed.put(kind, mark);
        return new SafetyState(floor, changed, certificate);
    }

    SafetyState with(PreparedCertificate prepared) {
        return new SafetyState(floor, signed, Optional.of(prepared));
    }
}
