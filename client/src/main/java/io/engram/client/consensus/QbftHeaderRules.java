package io.engram.client.consensus;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.qbft.Qbft;
import io.engram.genesis.qbft.QbftExtraData;
import io.engram.genesis.qbft.QbftExtraDataCodec;
import io.engram.genesis.qbft.QbftHasher;
import io.engram.genesis.rlp.RlpException;
import java.util.List;
import java.util.Optional;
import org.apache.tuweni.bytes.Bytes;

/** What QBFT asks of a header beyond the rules of every chain. Stateless. */
public final class QbftHeaderRules {

    private static final Bytes NONCE = Bytes.wrap(new byte[BlockHeader.NONCE_SIZE]);

    private QbftHeaderRules() {}

    /**
     * What is settled about a height before its block is made.
     *
     * @param validators in force
     * @param byContract whether a contract names them, so that headers do not
     * @param periodSeconds least distance to the parent in time
     */
    public record Expected(ValidatorSet validators, boolean byContract, long periodSeconds) {}

    /** Why the header is invalid; empty when it is not. */
    public static Optional<String> check(
            BlockHeader header, BlockHeader parent, Expected expected, Signatures signatures) {
        Optional<String> fault = checkUnsealed(header, parent, expected);
        return fault.isPresent() ? fault : checkSeals(header, expected.validators(), signatures);
    }

    /** As above for a header that is yet to be sealed. */
    public static Optional<String> checkUnsealed(BlockHeader header, BlockHeader parent, Expected expected) {
        ValidatorSet validators = expected.validators();
        long periodSeconds = expected.periodSeconds();
        if (!header.difficulty().equals(Qbft.DIFFICULTY)) {
            return mismatch("difficulty", header.difficulty().toBigInteger(), 1);
        }
        if (!header.mixHash().equals(Qbft.MIX_HASH)) {
            return mismatch("mix hash", header.mixHash(), Qbft.MIX_HASH);
        }
        if (!header.nonce().equals(NONCE)) {
            return mismatch("nonce", header.nonce(), NONCE);
        }
        if (!header.ommersHash().equals(Hash.EMPTY_LIST)) {
            return mismatch("ommers hash", header.ommersHash(), Hash.EMPTY_LIST);
        }
        if (header.timestamp() < parent.timestamp() + periodSeconds) {
            return Optional.of("timestamp is " + header.timestamp() + ", expected at least "
                    + (parent.timestamp() + periodSeconds) + ": the parent's " + parent.timestamp()
                    + " and a block period of " + periodSeconds + " s");
        }
        if (!validators.contains(header.coinbase())) {
            return Optional.of("coinbase is " + header.coinbase() + ", not one of the validators " + validators);
        }
        return checkExtraData(header, expected);
    }

    private static Optional<String> checkExtraData(BlockHeader header, Expected expected) {
        QbftExtraData extra;
        try {
            extra = QbftExtraDataCodec.decode(header.extraData());
        } catch (RlpException e) {
            return notQbft(e);
        }
        List<Address> listed =
                expected.byContract() ? List.of() : expected.validators().addresses();
        if (!extra.validators().equals(listed)) {
            return mismatch("validator list", extra.validators(), listed);
        }
        return expected.byContract() && extra.vote().isPresent()
                ? Optional.of("a vote on " + extra.vote().get().candidate() + " where a contract names the validators")
                : Optional.empty();
    }

    private static Optional<String> checkSeals(BlockHeader header, ValidatorSet validators, Signatures signatures) {
        try {
            QbftExtraData extra = QbftExtraDataCodec.decode(header.extraData());
            return CommittedSeals.check(QbftHasher.sealHash(header), extra.seals(), validators, signatures);
        } catch (RlpException e) {
            return notQbft(e);
        }
    }

    private static Optional<String> notQbft(RlpException e) {
        return Optional.of("extra data is not that of QBFT: " + e.getMessage());
    }

    private static Optional<String> mismatch(String what, Object actual, Object expected) {
        return Optional.of(what + " is " + actual + ", expected " + expected);
    }
}
