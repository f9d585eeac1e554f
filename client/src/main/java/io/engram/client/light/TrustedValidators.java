package io.engram.client.light;

import io.engram.client.consensus.CommittedSeals;
import io.engram.client.consensus.SignatureCodec;
import io.engram.client.consensus.Signatures;
import io.engram.client.consensus.ValidatorSet;
import io.engram.client.light.ProofVerdict.Reason;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/**
 * The validators that a header is held against, and how trust passes from them to those of a later one: it must carry
 * seals of a quorum of the validators that it lists itself, and of {@code f + 1} of those trusted before, of whom one at
 * least is then honest and has sealed nothing but a block of the chain. Immutable.
 *
 * @param number of the block up to which trust has come
 */
record TrustedValidators(LightGenesis genesis, Signatures signatures, long number, ValidatorSet validators) {

    static TrustedValidators of(LightGenesis genesis, Signatures signatures) {
        return new TrustedValidators(genesis, signatures, 0, genesis.validators());
    }

    /** Those of a later header, whose seals are checked. */
    TrustedValidators after(BlockHeader header) throws RefusedProofException {
        if (header.number() <= number) {
            throw new RefusedProofException(
                    Reason.ORDER, "block " + header.number() + " does not come after block " + number);
        }
        QbftExtraData extra = extraData(header);
        ValidatorSet listed = listed(header, extra);
        Hash digest = sealHash(header);
        Optional<String> fault = CommittedSeals.check(digest, extra.seals(), listed, signatures);
        if (fault.isPresent()) {
            throw new RefusedProofException(Reason.SEALS, "block " + header.number() + ": " + fault.get());
        }
        if (!listed.equals(validators) && !isNamed(listed, header)) {
            requireKnown(header, sealers(digest, extra.seals()));
        }
        return new TrustedValidators(genesis, signatures, header.number(), listed);
    }

    private void requireKnown(BlockHeader header, Set<Address> sealers) throws RefusedProofException {
        long known = sealers.stream().filter(validators::contains).count();
        int needed = (validators.size() - 1) / 3 + 1;
        if (known < needed) {
            throw new RefusedProofException(
                    Reason.VALIDATORS,
                    "block " + header.number() + " lists other validators than block " + number + ", and only " + known
                            + " of those of block " + number + " sealed it, where it takes " + needed);
        }
    }

    /** Whether the genesis file itself puts these validators in place by then. */
    private boolean isNamed(ValidatorSet listed, BlockHeader header) {
        return genesis.named().stream()
                .anyMatch(named ->
                        named.validators().equals(listed) && named.start().holds(header.number(), header.timestamp()));
    }

    private Set<Address> sealers(Hash digest, List<Bytes> seals) {
        Set<Address> sealers = new HashSet<>();
        for (Bytes seal : seals) {
            SignatureCodec.decode(seal)
                    .flatMap(signature -> signatures.signer(digest, signature))
                    .ifPresent(sealers::add);
        }
        return sealers;
    }

    private static ValidatorSet listed(BlockHeader header, QbftExtraData extra) throws RefusedProofException {
        List<Address> listed = extra.validators();
        if (listed.isEmpty()
                || !listed.equals(listed.stream().sorted().distinct().toList())) {
            throw new RefusedProofException(
                    Reason.VALIDATORS, "block " + header.number() + " lists no validators in ascending order");
        }
        return new ValidatorSet(listed);
    }

    static QbftExtraData extraData(BlockHeader header) throws RefusedProofException {
        try {
            return QbftExtraDataCodec.decode(header.extraData());
        } catch (RlpException e) {
            throw notQbft(header, e);
        }
    }

    private static Hash sealHash(BlockHeader header) throws RefusedProofException {
        try {
            return QbftHasher.sealHash(header);
        } catch (RlpException e) {
            throw notQbft(header, e);
        }
    }

    private static RefusedProofException notQbft(BlockHeader header, RlpException e) {
        return new RefusedProofException(
                Reason.SEALS,
                "block " + header.number() + " has extra data that is not that of QBFT: " + e.getMessage());
    }
}
