package io.engram.client.consensus;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/** The signatures by which validators made a block final. */
public final class CommittedSeals {

    private CommittedSeals() {}

    /**
     * Why the seals do not make a block final; empty when they do.
     *
     * @param digest the block's seal hash
     */
    public static Optional<String> check(
            Hash digest, List<Bytes> seals, ValidatorSet validators, Signatures signatures) {
        Set<Address> sealers = new LinkedHashSet<>();
        for (int i = 0; i < seals.size(); i++) {
            Optional<Address> sealer =
                    SignatureCodec.decode(seals.get(i)).flatMap(seal -> signatures.signer(digest, seal));
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
}
