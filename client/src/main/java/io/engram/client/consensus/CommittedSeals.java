package io.engram.client.consensus;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.crypto.Secp256k1;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/** The signatures by which validators made a block final. */
public final class CommittedSeals {

    private static final int SEAL_SIZE = QbftExtraDataCodec.SEAL_SIZE;

    private CommittedSeals() {}

    /**
     * Why the seals do not make a block final; empty when they do.
     *
     * @param digest the block's seal hash
     */
    public static Optional<String> check(Hash digest, List<Bytes> seals, ValidatorSet validators) {
        Set<Address> sealers = new LinkedHashSet<>();
        for (int i = 0; i < seals.size(); i++) {
            Optional<Address> sealer = recover(digest, seals.get(i));
            if (sealer.isEmpty()) {
                return Optional.of("committed seal " + i + " is no signature of the block");
            }
            if (!validators.contains(sealer.get())) {
                return Optional.of(
                        "committed seal " + i + " is by " + sealer.get() + ", not one of the validators " + validators);
            }
            if (!sealers.add(sealer.get())) {
                return Optional.of("committed seal " + i + " is a second one by " + sealer.get());
            }
        }
        return sealers.size() < validators.quorum()
                ? Optional.of(sealers.size() + " committed seals, expected at least " + validators.quorum() + " of "
                        + validators.size() + " validators")
                : Optional.empty();
    }

    /** Who made the seal; empty when nobody can have. */
    static Optional<Address> recover(Hash digest, Bytes seal) {
        if (seal.size() != SEAL_SIZE || (seal.get(SEAL_SIZE - 1) & ~1) != 0) {
            return Optional.empty();
        }
        Hash r = Hash.of(seal.slice(0, Hash.SIZE));
        Hash s = Hash.of(seal.slice(Hash.SIZE, Hash.SIZE));
        Signature signature = new Signature(r, s, seal.get(SEAL_SIZE - 1));
        return Secp256k1.isLowS(signature) ? Secp256k1.recoverAddress(digest, signature) : Optional.empty();
    }
}
