package io.engram.genesis.qbft;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/**
 * The QBFT part of a header's extra data: {@code RLP[vanity, [validators], vote, round, [seals]]}.
 *
 * @param vanity 32 bytes; the inference root where inference is active (design 6.4)
 * @param validators in ascending order; empty in contract mode
 * @param seals 65-byte committed seals, r ‖ s ‖ v
 */
public record QbftExtraData(Hash vanity, List<Address> validators, Optional<Vote> vote, int round, List<Bytes> seals) {
    public QbftExtraData {
        validators = List.copyOf(validators);
        seals = List.copyOf(seals);
    }

    /** A validator's wish to add or drop another. */
    public record Vote(Address candidate, boolean add) {}
}
